// Does DevTools' loader open it?  node limit.mjs FOLDER FILE, or a number: strings of so many characters are made up.
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import './browser_globals.mjs';

const meta = {
  node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'trace_node_id', 'detachedness'],
  node_types: [['synthetic', 'string', 'object', 'native', 'code', 'closure', 'hidden'], 'string', 'number', 'number', 'number', 'number', 'number'],
  edge_fields: ['type', 'name_or_index', 'to_node'],
  edge_types: [['property', 'element', 'internal', 'weak', 'shortcut', 'hidden', 'context', 'invisible'], 'string_or_number', 'node'],
};

// Two nodes and an edge, and between the brackets of `strings` as many characters, in strings of a thousand.
function* made(characters) {
  const snapshot = {meta, node_count: 2, edge_count: 1, trace_function_count: 0};
  yield `{"snapshot":${JSON.stringify(snapshot)},\n"nodes":[0,0,1,0,1,0,0,\n1,1,3,16,0,0,0],\n"edges":[0,0,7],\n"strings":["",""`;
  const one = ',"' + 'x'.repeat(997) + '"', block = one.repeat(1000);
  let left = characters - '"",""'.length;
  for (; left >= block.length; left -= block.length) yield block;
  yield ' '.repeat(left) + ']}\n';
}

async function open(folder, chunks) {
  const panel = await import(pathToFileURL(path.resolve(folder, 'loader.mjs')));
  const channel = new MessageChannel();
  new panel.SecondaryInitManager(channel.port2);
  const loader = new panel.HeapSnapshotLoader({sendEvent() {}});
  const built = loader.buildSnapshot(channel.port1);
  for await (const chunk of chunks) {
    loader.write(chunk);
    await new Promise(resolve => setImmediate(resolve));
  }
  loader.close();
  return built;
}

const [folder, what] = process.argv.slice(2);
const begun = Date.now();
const answer = value => process.stdout.write(JSON.stringify(value) + '\n', () => process.exit(0));
const failed = error => answer({opened: false, error: String(error)});
process.on('uncaughtException', failed);
process.on('unhandledRejection', failed);
open(folder, /^\d+$/.test(what) ? made(Number(what)) : fs.createReadStream(what, {encoding: 'utf8', highWaterMark: 10 << 20}))
  .then(snapshot => answer({opened: true, nodes: snapshot.nodeCount, seconds: (Date.now() - begun) / 1000, bytes: process.memoryUsage.rss()}));
