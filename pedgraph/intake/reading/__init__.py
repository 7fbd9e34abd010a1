"""Reading what somebody hands in, in any of the accepted forms, with the place of each statement."""
