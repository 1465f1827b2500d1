/** A count with its noun, for a reader: `1 link`, `1,770 links`. */
export function counted(count: number, noun: string, nouns = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : nouns}`;
}

/** Joins words to lines; a line is wider than the limit only if it is a single word. */
export function joinInLines(words: readonly string[], separator: string, width: number): string[] {
  return words.reduce<string[]>((lines, word) => {
    const longer = [...lines.slice(-1), word].join(separator);
    return longer.length > width ? [...lines, word] : [...lines.slice(0, -1), longer];
  }, []);
}

/** A sentence in which a line break, or what else would move a terminal's cursor or turn its text around, of a refused value is seen and not done. */
export function inOneLine(sentence: string): string {
  return sentence.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, character => JSON.stringify(character).slice(1, -1).replace(/^[^\\]$/, `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
}
