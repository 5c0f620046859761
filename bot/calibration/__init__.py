"""Learns from the hospital's own records how its departments are booked: factors on the weights of routes, within the rules."""
