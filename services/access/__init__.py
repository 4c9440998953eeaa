"""Who comes in: accounts, passwords, sign-in, links, tokens, single sign-on."""
