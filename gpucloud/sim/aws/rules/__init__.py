"""What Amazon's APIs refuse, one function a rule, each with its source.

A rule over inputs alone yields a `Refusal` for each thing that is wrong and passes over what is unknown; a rule over
the account raises a `CloudError`, as the API's answer to the call would be.
"""
