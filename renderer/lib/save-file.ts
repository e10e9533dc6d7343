/** Offers a file to be saved, the way the browser or the desktop window does it. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold of the blob once the click was handled; a slow disk may need a moment.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** The same for a text; `type` without a character set. */
export function saveTextFile(name: string, text: string, type: string): void {
  saveFile(name, new Blob([text], { type: `${type};charset=utf-8` }));
}
