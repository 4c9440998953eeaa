"""What every request passes: limits, sizes, headers, addresses that name nothing."""
