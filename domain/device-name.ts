const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(A|iOS)?\//, 'Edge'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Chrome\/|CriOS\/|Chromium\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'Mac'],
  [/CrOS/, 'Chromebook'],
  [/Linux/, 'Linux'],
]

/** What a person would call this browser, from its `User-Agent`: "Chrome on Android". */
export const deviceName = (userAgent: string): string => {
  const found = (list: typeof browsers, otherwise: string): string =>
    list.find(([pattern]) => pattern.test(userAgent))?.[1] ?? otherwise
  return `${found(browsers, 'Browser')} on ${found(systems, 'this device')}`
}
