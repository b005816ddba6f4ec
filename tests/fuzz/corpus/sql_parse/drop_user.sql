drop user if exists "Joe", b
