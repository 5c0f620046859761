"""What WeChat and WeCom have in common: envelopes, XML, access tokens, calls and their errors. Knows neither of the two."""
