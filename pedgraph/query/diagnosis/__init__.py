"""Why an answer is empty: the query is read, its parts are asked one by one, and what does not fit is named."""
