// Durations and clock times in words. Ages come from the box; the browser only counts on from the moment it got them.

/** @param {number} ms */
export const duration = (ms) => {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}

/** @param {number} ms */
export const minutesAndSeconds = (ms) => {
  const seconds = Math.max(0, Math.ceil(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** @param {number} agoMs */
const clockTime = (agoMs) => {
  const then = new Date(Date.now() - agoMs)
  const time = `${String(then.getHours()).padStart(2, '0')}:${String(then.getMinutes()).padStart(2, '0')}`
  return agoMs < 20 * 3_600_000
    ? time
    : `${then.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' })}, ${time}`
}

/**
 * @param {{ text: string, agoMs?: number, sinceMs?: number }} line
 * @param {number} olderMs since the box said it
 */
export const sentence = ({ text, agoMs, sinceMs }, olderMs) => {
  if (agoMs !== undefined)
    return agoMs + olderMs < 1_000 ? `${text} just now` : `${text} ${duration(agoMs + olderMs)} ago`
  if (sinceMs === undefined) return text
  const ms = sinceMs + olderMs
  return ms < 60_000 ? `${text} for ${duration(ms)}` : `${text} since ${clockTime(ms)} (${duration(ms)})`
}
