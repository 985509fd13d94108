"""The closed set of ways out. A channel turns an envelope into one call over the network."""
