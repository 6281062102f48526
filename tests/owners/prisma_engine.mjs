// Prisma's own parser and its own schema engine, both as wasm, for the tests in this folder.
//
//     node prisma_engine.mjs .../node_modules < request.json > answer.json
//
// A request is a list of {do: "validate" | "format" | "sql" | "pull", schema, url}; the answer has one for each:
// {ok: text}, or {error: text}. Needs @prisma/prisma-schema-wasm, @prisma/schema-engine-wasm and @prisma/adapter-pg.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

globalThis.PRISMA_WASM_PANIC_REGISTRY = {set_message: (text) => { globalThis.panic = text; }};
const modules = process.argv[2];
const need = createRequire(modules + "/");
const load = async (name) => await import(pathToFileURL(need.resolve(name)));

let bindings;

async function schemaEngine(schema, url) {
  bindings ??= await engineBindings();
  return await bindings.SchemaEngine.new({datamodels: [["schema.prisma", schema]]}, () => {}, await adapters(url));
}

async function engineBindings() {
  const bindings = await import(pathToFileURL(modules + "/@prisma/schema-engine-wasm/schema_engine_bg.js"));
  const bytes = readFileSync(modules + "/@prisma/schema-engine-wasm/schema_engine_bg.wasm");
  const {instance} = await WebAssembly.instantiate(bytes, {"./schema_engine_bg.js": bindings});
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

async function adapters(url) {
  const {PrismaPg} = await load("@prisma/adapter-pg");
  const {bindSqlAdapterFactory, ColumnTypeEnum} = await load("@prisma/driver-adapter-utils");
  // The adapter has no word for PostgreSQL's own type "char" (18), which the catalog is full of and the engine reads.
  const pg = createRequire(need.resolve("@prisma/adapter-pg"));
  const Result = pg(pg.resolve("pg").replace(/(pg[\\/])(lib|esm)[\\/].*$/, "$1lib/result.js"));
  const addFields = Result.prototype.addFields;
  if (!Result.prototype.knowsLetters) {
    Result.prototype.knowsLetters = true;
    Result.prototype.addFields = function (fields) {
      globalThis.letters = fields.flatMap((field, at) => (field.dataTypeID === 18 ? [at] : []));
      for (const at of globalThis.letters) fields[at].dataTypeID = 25;
      return addFields.call(this, fields);
    };
  }
  const factory = new PrismaPg({connectionString: url});
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const query = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (words) => {
      const answer = await query(words);
      for (const at of globalThis.letters ?? []) answer.columnTypes[at] = ColumnTypeEnum.Character;
      return answer;
    };
    return adapter;
  };
  return bindSqlAdapterFactory(factory);
}

const files = (schema) => [{path: "schema.prisma", content: schema}];
const filters = {externalTables: [], externalEnums: []};
const ways = {
  validate: async ({schema}) => {
    need("@prisma/prisma-schema-wasm").validate(JSON.stringify({prismaSchema: [["schema.prisma", schema]]}));
    return "";
  },
  format: async ({schema}) => {
    const params = {textDocument: {uri: "file:/schema.prisma"}, options: {tabSize: 2, insertSpaces: true}};
    const text = need("@prisma/prisma-schema-wasm").format(
      JSON.stringify([["file:/schema.prisma", schema]]), JSON.stringify(params));
    return JSON.parse(text)[0][1];
  },
  sql: async ({schema, url}) => {
    const engine = await schemaEngine(schema, url);
    const to = {tag: "schemaDatamodel", files: files(schema)};
    return (await engine.diff({from: {tag: "empty"}, to, script: true, exitCode: null, filters})).stdout;
  },
  pull: async ({schema, url}) => {
    const engine = await schemaEngine(schema, url);
    const params = {schema: {files: files(schema)}, baseDirectoryPath: "/", force: true, compositeTypeDepth: 0};
    return (await engine.introspect({...params, namespaces: null})).schema.files[0].content;
  },
};

const answers = [];
for (const request of JSON.parse(readFileSync(0, "utf8"))) {
  try {
    answers.push({ok: await ways[request.do](request)});
  } catch (error) {
    answers.push({error: globalThis.panic ?? String(error.message ?? error)});
  }
}
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
