// Bundle the loader of DevTools' memory panel, which comes as TypeScript: node bundle.mjs FOLDER
import {createRequire} from 'node:module';
import fs from 'node:fs';
import path from 'node:path';

const folder = path.resolve(process.argv[2]);
const esbuild = createRequire(path.join(folder, 'x.js'))('esbuild');
const worker = path.join(folder, 'node_modules/chrome-devtools-frontend/front_end/entrypoints/heap_snapshot_worker');
const source = ['HeapSnapshot', 'HeapSnapshotLoader'].map(name => `export * from ${JSON.stringify(path.join(worker, name + '.ts'))};`).join('\n');

// Imports name .js where the package has .ts; lists of languages are made when Chrome is built, and are none here.
const names = ['LOCALES', 'BUNDLED_LOCALES', 'DEFAULT_LOCALE', 'REMOTE_FETCH_PATTERN', 'LOCAL_FETCH_PATTERN'];
const resolve = {
  name: 'resolve',
  setup(build) {
    build.onResolve({filter: /\.js$/}, found => {
      const file = path.resolve(found.resolveDir, found.path);
      if (fs.existsSync(file)) return undefined;
      const typed = file.replace(/\.js$/, '.ts');
      return fs.existsSync(typed) ? {path: typed} : {path: file, namespace: 'absent'};
    });
    build.onLoad({filter: /.*/, namespace: 'absent'}, () => ({contents: names.map(name => `export const ${name} = [];`).join('\n')}));
  },
};
await esbuild.build({
  stdin: {contents: source, resolveDir: folder}, bundle: true, outfile: path.join(folder, 'loader.mjs'),
  format: 'esm', platform: 'node', logLevel: 'error', plugins: [resolve],
});
