"""Documents made from the contracts: OpenAPI for requests, AsyncAPI for news, definitions for the broker."""
