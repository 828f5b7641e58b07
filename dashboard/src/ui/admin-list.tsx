import './styles/admin-list.css'
import type { ComponentChildren, JSX } from 'preact'

interface TableProps {
  /** Of its rows' own rules: `people`, `registry`, `audit`. */
  readonly name: string
  readonly title: string
  /** Heads in their order, by column. */
  readonly columns: Readonly<Record<string, string>>
  readonly children: ComponentChildren
}

/** Dense rows of an administrator's screen. */
export const AdminTable = ({ name, title, columns, children }: TableProps): JSX.Element => (
  <div class="table-scroll" tabIndex={0} role="region" aria-label={title}>
    <table class={`data-table admin-table ${name}-table`}>
      <thead>
        <tr>
          {Object.entries(columns).map(([column, head]) => (
            <th key={column} scope="col" data-column={column}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)

interface OpenProps {
  readonly name: string
  /** What pressing it is for. */
  readonly label: string
  readonly open: () => void
}

/** What a row is of; everything that is done to it stands in a dialog. */
export const AdminName = ({ name, label, open }: OpenProps): JSX.Element => (
  <button type="button" class="admin-name" aria-label={label} onClick={open}>
    {name}
  </button>
)
