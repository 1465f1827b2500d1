/** A count with its noun: `1 link`, `1,770 links`. */
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

/** Line breaks, control characters, and characters that change the direction of text. */
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Escapes the characters of a text that a terminal would not print in one line. */
export function inOneLine(text: string): string {
  return text.replace(UNPRINTABLE, character => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
}
