/** Offers a text to be saved as a file, the way the browser or the desktop window does it. */
export function saveTextFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold of the blob once the click was handled; a slow disk may need a moment.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
