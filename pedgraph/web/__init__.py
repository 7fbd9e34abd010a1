"""HTTP: routes, answers and problem documents. What is answered comes from the other rooms."""
