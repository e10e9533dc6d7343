import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import path from 'node:path';
import { defineConfig } from 'vite';

const root = path.resolve(import.meta.dirname, '..');

export default defineConfig({
  root: path.join(root, 'renderer'),
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: path.join(process.env.PATCHBAY_OUT ?? path.join(root, 'dist'), 'ui'),
    emptyOutDir: true,
    target: 'chrome140',
    modulePreload: false,
    // The content security policy allows no data: scripts or styles; keep every asset a file.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
  },
});
