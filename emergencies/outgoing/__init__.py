"""What goes out of an emergency to the vendors: how each kind of command is sent, looked for, checked and told of."""
