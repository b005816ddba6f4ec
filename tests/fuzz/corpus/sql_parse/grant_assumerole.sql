grant assumerole on 'arn' to u for copy
