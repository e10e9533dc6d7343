/** Offers a text to be saved as a file, the way the browser or the desktop window does it. */
export function saveFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold of the blob once the click was handled.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
