"""What the library costs: ratios against a baseline of the same run, printed and never asserted."""
