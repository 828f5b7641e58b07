const columns = 'seq, ts, actor, action, outcome, object, before_hash, after_hash, prev_hash, hash'

export const chainEnd = 'SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1'
export const appendRow = `INSERT INTO audit (${columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
export const rowsAfter = `SELECT ${columns} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?`
/** Newest first; `where` names the columns that are asked for. */
export const rowsWhere = (where: readonly string[]): string =>
  `SELECT ${columns} FROM audit ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY seq DESC LIMIT ?`
