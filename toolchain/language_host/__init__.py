"""A Pulumi language host for Python, for a command line that was built from its Go module and so has none.

It serves `pulumirpc.LanguageRuntime` of the installed Pulumi SDK. A Pulumi installation brings its own host, which is
then used as it is; this one is put beside the source-built command line only.

    __main__.py       what the launcher starts
    serve.py          listens, says the port, ends when it is told to
    channel.py        the gRPC servers' settings
    flags.py          the command line that the engine gives to a language host
    service.py        the RPCs
    runtime_options.py  `runtime.options` of Pulumi.yaml, and the Python that they name
    program.py        the command and the environment of one run of a program
    run_quietly.py    runs in the program's Python: Ctrl-C without a traceback
    source_plugin.py  the command and the environment of a plugin or policy pack that is a directory
    policy_pack.py    one policy pack that runs, and its output
    policy_proxy.py   holds the engine's line to a policy pack until the stack's configuration is known
    child.py          one child process: its output, its end, and never an orphan
    installation.py   what `pulumi install` does
    dependencies.py   the packages of the chosen Python
    engine_watch.py   ends the host when the engine is gone
"""
