select 1 + $1 * $2::int; select 2;; select 3
