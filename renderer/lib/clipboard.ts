/**
 * Puts text on the clipboard; says whether it worked. The desktop window denies the clipboard permission like every
 * other one, so the old selection way stands in for it there.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement('textarea');
    field.value = text;
    field.setAttribute('aria-hidden', 'true');
    field.style.position = 'fixed';
    field.style.opacity = '0';
    document.body.append(field);
    field.select();
    // Deprecated, but the only way left without a permission.
    const copied = document.execCommand('copy');
    field.remove();
    return copied;
  }
}
