"""Pure rules of contacts with customers: the words of a contact, who is who, how many tries, what is abandoned."""
