-- The local cloud's whole memory. One writer process; WAL and synchronous=FULL, so that kill -9 loses nothing acknowledged.
CREATE TABLE IF NOT EXISTS setting (
  key TEXT PRIMARY KEY, value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS resource (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL,
  urn TEXT NOT NULL,
  id TEXT NOT NULL,
  scope TEXT NOT NULL,                       -- region of an AWS resource, API server of a Kubernetes object
  name TEXT NOT NULL,                        -- what must be unique within type and scope; '' where nothing is
  parent TEXT NOT NULL,                      -- id of what holds it (a subnet's VPC, a node group's cluster); '' where none
  status TEXT NOT NULL CHECK (status IN ('creating', 'active', 'failed')),
  acknowledged INTEGER NOT NULL DEFAULT 0,   -- the engine has named its id, so it is in somebody's state
  inputs TEXT NOT NULL,
  outputs TEXT NOT NULL,
  health TEXT NOT NULL DEFAULT '[]',         -- reasons of a failed row
  UNIQUE (type, scope, id)
);
CREATE INDEX IF NOT EXISTS resource_by_urn ON resource (urn);
CREATE INDEX IF NOT EXISTS resource_by_name ON resource (type, scope, name);
CREATE INDEX IF NOT EXISTS resource_by_parent ON resource (parent);
CREATE INDEX IF NOT EXISTS resource_by_id ON resource (id);

-- How many resources of a URN the engine has ever acknowledged: names and ids follow from it.
CREATE TABLE IF NOT EXISTS generation (
  urn TEXT PRIMARY KEY, count INTEGER NOT NULL
) WITHOUT ROWID;

-- Nodes held, by the resource that holds them.
CREATE TABLE IF NOT EXISTS allocation (
  resource INTEGER NOT NULL REFERENCES resource (seq) ON DELETE CASCADE,
  region TEXT NOT NULL, zone TEXT NOT NULL, machine_type TEXT NOT NULL,
  capacity_type TEXT NOT NULL, reservation TEXT NOT NULL, nodes INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS allocation_by_resource ON allocation (resource);
CREATE INDEX IF NOT EXISTS allocation_by_offering ON allocation (machine_type, zone, capacity_type);

-- Only what somebody set; the default is the setting 'default-capacity'.
CREATE TABLE IF NOT EXISTS offering (
  machine_type TEXT NOT NULL, zone TEXT NOT NULL, capacity_type TEXT NOT NULL, nodes INTEGER NOT NULL,
  PRIMARY KEY (machine_type, zone, capacity_type)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS quota (
  region TEXT NOT NULL, name TEXT NOT NULL, vcpus INTEGER NOT NULL, PRIMARY KEY (region, name)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lost_zone (zone TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reservation (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL CHECK (kind IN ('odcr', 'capacity-block')),
  machine_type TEXT NOT NULL, zone TEXT NOT NULL, nodes INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fault (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('error', 'throttle', 'delay')),
  pattern TEXT NOT NULL,                     -- shell pattern over API operation, type token and URN
  code TEXT NOT NULL, message TEXT NOT NULL,
  seconds REAL NOT NULL, remaining INTEGER NOT NULL  -- -1: until it is cleared
);
CREATE TABLE IF NOT EXISTS event (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, verb TEXT NOT NULL, urn TEXT NOT NULL, id TEXT NOT NULL, text TEXT NOT NULL
);
