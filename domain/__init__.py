"""The pure model and its rules: no input, no output, no clock."""
