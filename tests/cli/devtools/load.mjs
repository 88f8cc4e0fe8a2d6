// What DevTools' memory panel makes of a snapshot, as JSON: node load.mjs FOLDER FILE
import fs from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import './browser_globals.mjs';

const panel = await import(pathToFileURL(path.resolve(process.argv[2], 'loader.mjs')));
const channel = new MessageChannel();
new panel.SecondaryInitManager(channel.port2);
const loader = new panel.HeapSnapshotLoader({sendEvent() {}});
loader.write(fs.readFileSync(process.argv[3], 'utf8'));
loader.close();
const snapshot = await loader.buildSnapshot(channel.port1);
const seen = {nodes: snapshot.nodeCount, total: snapshot.totalSize, classes: {}, retained: []};
for (const row of Object.values(snapshot.aggregatesWithFilter({}))) {
  const [count, size] = seen.classes[row.name] ?? [0, 0];
  seen.classes[row.name] = [count + row.count, size + row.self];
}
for (let node = snapshot.rootNode(), i = 0; i < snapshot.nodeCount; i++) {
  node.nodeIndex = 7 * i;
  seen.retained.push([node.id(), node.retainedSize()]);
}
process.stdout.write(JSON.stringify(seen), () => process.exit(0));
