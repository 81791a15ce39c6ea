"""What okrsync needs from the outside, as versioned protocols. Public: others implement them."""
