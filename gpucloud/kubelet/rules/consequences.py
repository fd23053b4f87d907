"""What follows from a broken rule, in the words that every finding of its level ends with."""

NO_START = "the kubelet would not start"
STARTS = "the kubelet starts all the same"
