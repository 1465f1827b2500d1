/** Markdown for generated pages. */

export function code(text: string): string {
  return `\`${text}\``;
}

export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replace(/\s+/g, ' ').replace(/\|/g, '\\|')).join(' | ')} |`;
  return rows.length === 0 ? [] : ['', line(head), line(head.map(() => '---')), ...rows.map(line)];
}
