import { useEffect } from 'preact/hooks'

/**
 * When what had the focus goes – with its panel, its dialog, its screen – the content of the page has it, never the page's body
 * (dashboard.md W33). Whoever knows a better place gives it before: this looks once everything is drawn.
 */
export const useFocusKept = (): void => {
  useEffect(() => {
    let last: Element | null = document.activeElement
    const remember = (): void => void (last = document.activeElement)
    const keep = (): void => {
      if (document.activeElement !== document.body || last === null || last.isConnected) return
      last = null
      document.getElementById('content')?.focus({ preventScroll: true })
    }
    const watch = new MutationObserver(keep)
    watch.observe(document.body, { childList: true, subtree: true })
    document.addEventListener('focusin', remember)
    return () => {
      watch.disconnect()
      document.removeEventListener('focusin', remember)
    }
  }, [])
}
