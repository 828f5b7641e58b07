// The build's loader asks for a style once: after a failure it takes it for one that has come, and the screen would stand there without.

const lost = new Set<string>()

/** Of a link that failed, wherever it stands. */
export const noteLostStyles = (): void =>
  addEventListener(
    'error',
    ({ target }) => {
      if (!(target instanceof HTMLLinkElement) || target.rel !== 'stylesheet') return
      lost.add(target.href)
      target.remove()
    },
    { capture: true },
  )

/** Rejects while one of them still does not come. */
export const bringLostStyles = async (): Promise<void> => {
  await Promise.all(
    [...lost].map(
      (href) =>
        new Promise<void>((resolve, reject) => {
          const link = document.createElement('link')
          link.rel = 'stylesheet'
          link.href = href
          link.addEventListener('load', () => {
            lost.delete(href)
            resolve()
          })
          link.addEventListener('error', () => reject(new Error('a style did not come')))
          document.head.append(link)
        }),
    ),
  )
}
