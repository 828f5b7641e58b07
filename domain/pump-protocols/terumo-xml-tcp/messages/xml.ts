/** The only declaration there is. */
export const declaration = '<?xml version="1.0"?>'

/** What stands between two literal texts, or null. Shapes are compared character by character: there is no XML parser. */
export const between = (xml: string, before: string, after: string): string | null =>
  xml.startsWith(before) && xml.endsWith(after) && xml.length >= before.length + after.length
    ? xml.slice(before.length, xml.length - after.length)
    : null

/** A pump's id: opaque, up to 64 digits and capital letters. */
export const idShape = /^[0-9A-Z]{1,64}$/
