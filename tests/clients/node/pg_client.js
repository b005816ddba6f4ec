// What programs do with node's `pg`, against the endpoint named by PG* variables. Ends with status 0 if
// everything held; NODE_PATH says where `pg` is.
const assert = require('node:assert/strict');
const {Client, Pool} = require('pg');

async function main() {
  const client = new Client({ssl: {rejectUnauthorized: false}});
  await client.connect();

  const types = await client.query({
    rowMode: 'array',
    text: `SELECT 1::SMALLINT, 2::INTEGER, 3::BIGINT, 1.25::DECIMAL(10,2), 1.5::REAL, 2.5::DOUBLE PRECISION, true,
        'abc'::VARCHAR(10), 'x'::CHAR(3), '2024-01-02 03:04:05+00'::TIMESTAMPTZ, NULL::INTEGER`,
  });
  assert.deepEqual(types.rows, [[1, 2, '3', '1.25', 1.5, 2.5, true, 'abc', 'x  ', new Date('2024-01-02T03:04:05Z'), null]]);

  await client.query('CREATE TEMP TABLE staff (id INTEGER, name VARCHAR(40))');
  const insert = {name: 'insert', text: 'INSERT INTO staff VALUES ($1, $2)'};
  for (const values of [[1, 'Ada'], [2, "O'Neil \\ sons"], [3, null]]) {
    const done = await client.query({...insert, values});
    assert.deepEqual([done.command, done.rowCount], ['INSERT', 1]);
  }
  const found = await client.query('SELECT * FROM staff WHERE id >= $1 ORDER BY id', [2]);
  assert.deepEqual(found.rows, [{id: 2, name: "O'Neil \\ sons"}, {id: 3, name: null}]);

  for (const [condition, value, wanted] of [
    ['id = ANY($1)', [2, 3], [2, 3]], ['name = ANY($1)', ['Ada', "O'Neil \\ sons"], [1, 2]], ['id <> ALL($1::int[])', [1], [2, 3]],
    ['id = ANY($1)', [], []]]) {
    const some = await client.query(`SELECT id FROM staff WHERE ${condition} ORDER BY id`, [value]);
    assert.deepEqual(some.rows.map(row => row.id), wanted, condition);
  }

  await client.query('BEGIN');
  await client.query('DELETE FROM staff');
  await client.query('ROLLBACK');
  assert.deepEqual((await client.query('SELECT COUNT(*) FROM staff')).rows, [{count: '3'}]);

  const several = await client.query('SELECT 1 AS a; SELECT 2 AS b');
  assert.deepEqual(several.map(result => result.rows), [[{a: 1}], [{b: 2}]]);
  const shown = await client.query({name: 'show', text: 'SHOW search_path'});
  assert.deepEqual(shown.rows, [{search_path: '$user, public'}]);

  await assert.rejects(client.query('SELECT 1/0'), {code: '22012'});
  await assert.rejects(client.query('SELECT $1::INT', ['x']), {code: '22P02'});
  await client.end();

  const pool = new Pool({max: 4});
  const doubled = await Promise.all([...Array(20).keys()].map(i => pool.query('SELECT $1::INT * 2 AS twice', [i])));
  assert.deepEqual(doubled.map(result => result.rows[0].twice), [...Array(20).keys()].map(i => i * 2));
  await pool.end();

  const stranger = new Client({password: 'wrong'});
  await assert.rejects(stranger.connect(), {code: '28P01'});
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
