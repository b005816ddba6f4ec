select 'it''s \'quoted\' \n \\ \101', e'\t', $$dollar 'q'$$, $x$ $$ $x$, 'a'
