import type { JSX } from 'preact'

// Own drawings after lucide's grid (24 × 24, 1.75 px lines). Decorative: the words stand beside them.

const paths = {
  bell: 'M6 10a6 6 0 0 1 12 0c0 5 2 6 2 7H4c0-1 2-2 2-7M10 20.5a2 2 0 0 0 4 0',
  call: 'M6 3.500h3l1.500 4.500-2 1.500a12 12 0 0 0 6 6l1.500-2 4.500 1.500v3a2 2 0 0 1-2 2A16 16 0 0 1 4 5.500a2 2 0 0 1 2-2Z',
  drop: 'M12 3c3.5 4.5 6 7.4 6 11a6 6 0 0 1-12 0c0-3.600 2.500-6.500 6-11Z',
  bag: 'M9 3.500h6M12 3.500V6M7 6h10v8.500a3 3 0 0 1-3 3h-4a3 3 0 0 1-3-3ZM7 11h10M12 17.500v3.500',
  hub: 'M4.500 11a11 11 0 0 1 15 0M7.500 14.500a6.500 6.500 0 0 1 9 0M12 18.500h.01',
  'hand-over': 'M4 8.500h13M13.500 5l3.500 3.500-3.500 3.500M20 15.500H7M10.500 12 7 15.500l3.500 3.500',
  history: 'M12 7.500V12l3 2M4 12a8 8 0 1 0 2.500-5.800M4 4v3.500h3.500',
  flask:
    'M9.500 3.500h5M10.500 3.500v5.500L5 18.500a1.400 1.400 0 0 0 1.200 2h11.600a1.400 1.400 0 0 0 1.200-2L13.500 9V3.500M8 14.500h8',
  ledger: 'M6 3.500h12v17H6zM9 8h6M9 12h6M9 16h3.500',
  menu: 'M4 7h16M4 12h16M4 17h16',
  phone:
    'M8 3h8a1.500 1.500 0 0 1 1.500 1.500v15A1.500 1.500 0 0 1 16 21H8a1.500 1.500 0 0 1-1.500-1.500v-15A1.500 1.500 0 0 1 8 3M11 18h2',
  user: 'M5 20c.8-3.600 3.600-5.500 7-5.500s6.200 1.900 7 5.500M12 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7Z',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  check: 'M5 12.500l4.500 4.500L19 7.500',
  back: 'M14 6l-6 6 6 6',
  eye: 'M3 12c2-4 5.200-6 9-6s7 2 9 6c-2 4-5.200 6-9 6s-7-2-9-6M12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5Z',
  crossed: 'M6 6l12 12M18 6L6 18',
  'no-sound': 'M4 10v4h3l5 4V6l-5 4H4M16 10l4.500 4.500M20.500 10 16 14.500',
  'pause-sound': 'M4 10v4h3l5 4V6l-5 4H4M16.500 9v6M20 9v6',
  sound: 'M4 10v4h3l5 4V6l-5 4H4M16 9a4.500 4.500 0 0 1 0 6M18.500 6.500a8 8 0 0 1 0 11',
} as const

export type IconName = keyof typeof paths

export const Icon = ({ name, size = 20 }: { readonly name: IconName; readonly size?: number }): JSX.Element => (
  <svg
    class="icon"
    width={size}
    height={size}
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width={name === 'more' ? 3 : 1.75}
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
    focusable="false"
  >
    <path d={paths[name]} />
  </svg>
)
