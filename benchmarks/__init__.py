"""What things cost, as ratios against a peer in one run, and peak memory."""
