"""What patients said and the bot did not serve well: gathered without who it was, put together, labelled by one, approved by another."""
