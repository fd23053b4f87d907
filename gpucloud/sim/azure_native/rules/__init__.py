"""What Azure's APIs refuse: inputs alone in `check_inputs`, inputs in the light of what there is in `check_account`."""
