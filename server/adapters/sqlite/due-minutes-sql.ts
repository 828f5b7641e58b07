export const allDue = 'SELECT pump_id, first_minute, last_minute FROM roll_up_due ORDER BY pump_id, first_minute'
export const putDue = `INSERT INTO roll_up_due (pump_id, first_minute, last_minute) VALUES (?, ?, ?)
  ON CONFLICT DO UPDATE SET last_minute = excluded.last_minute`
export const removeDue = 'DELETE FROM roll_up_due WHERE pump_id = ? AND first_minute = ?'
export const forgetDue = 'DELETE FROM roll_up_due'
export const allPumps = 'SELECT pump_id FROM roll_up_pump'
export const putPump = 'INSERT INTO roll_up_pump (pump_id) VALUES (?) ON CONFLICT DO NOTHING'
export const forgetPumps = 'DELETE FROM roll_up_pump'
export const place = 'SELECT place FROM roll_up_place'
export const putPlace =
  'INSERT INTO roll_up_place (only, place) VALUES (1, ?) ON CONFLICT DO UPDATE SET place = excluded.place'
