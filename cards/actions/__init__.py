"""Open a card, bind a credential; read a card; report it lost, find it again, end it; forget."""
