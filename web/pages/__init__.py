"""One module a page: it reads the request, asks a service, commits, and renders or sends back."""
