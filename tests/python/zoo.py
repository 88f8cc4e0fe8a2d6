"""One of each kind of container, with references in it: make() gives them by name (P-35)."""

import asyncio, collections, contextvars, datetime, functools, itertools, operator, random, re, sys, threading, types, weakref, array, io, struct, decimal, fractions, enum, dataclasses, typing, queue, ctypes, zoneinfo
def gen(a):
    b=[a]; yield b; yield a
async def coro(a):
    b=[a]; await asyncio.sleep(0); return b
async def agen(a):
    b=[a]; yield b
class L(list): pass
class T(tuple): pass
class D(dict): pass
class S(set): pass
class F(frozenset): pass
class I(int): pass
class St(str): pass
class B(bytes): pass
class E1(Exception): pass
class OD(collections.OrderedDict): pass
class Dq(collections.deque): pass
class DD(collections.defaultdict): pass
class Meta(type): pass
class WithMeta(metaclass=Meta): x=[1]
class P: pass
class Sl: __slots__=('a','__weakref__')
class SlD: __slots__=('a','__dict__')
class Mod(types.ModuleType): pass
class Fn(functools.partial): pass
@dataclasses.dataclass
class DC: a:list
def make():
    zoo={}
    def add(n,o): zoo[n]=o
    x=[1,2]
    for n,c in (('L',L([x])),('T',T([x])),('D',D(k=x)),('S',S([(1,)])),('F',F([(1,)])),('I',I(5)),('St',St('q')),('B',B(b'q')),('OD',OD(k=x)),('Dq',Dq([x])),('DD',DD(list,k=x)),('Mod',Mod('m')),('Fn',Fn(len,x))):
        c.attr=x; c.attr2=(x,); add(n,c)
    add('deque',collections.deque([x,x,'a'],3)); add('odict',collections.OrderedDict(a=x)); add('ddict',collections.defaultdict(list,a=x)); add('counter',collections.Counter('abc')); add('chainmap',collections.ChainMap({1:x}))
    g=gen(x); next(g); add('gen',g); add('gen0',gen(x)); g2=gen(x); list(g2); add('gendone',g2)
    add('coro',coro(x)); a=agen(x); add('agen',a)
    try:
        try: raise KeyError('k')
        except KeyError as e: raise E1(x) from e
    except E1 as e: add('exc',e); add('tb',e.__traceback__)
    add('oserr',OSError(2,'no','file')); add('stop',StopIteration(x)); add('unicode',UnicodeDecodeError('utf8',b'x',0,1,'r')); add('syntax',SyntaxError('a',('f',1,2,'t'))); add('import',ImportError('a',name='n',path='p')); add('attrerr',AttributeError('a',name='n',obj=x)); add('namee',NameError('a',name='q')); add('sysexit',SystemExit(x))
    if sys.version_info>=(3,11): add('group',ExceptionGroup('m',[ValueError(x)]))
    add('set',{(1,),'b',x.__class__}); add('fset',frozenset([(2,),'c']))
    def outer():
        v=x
        def inner(q=x,*,k=x): return v
        inner.fattr=x
        return inner
    f=outer(); add('func',f); add('cell',f.__closure__[0]); add('lambda',lambda:x); add('code',f.__code__)
    add('partial',functools.partial(f,x,k=x)); add('partialm',functools.partialmethod(f,x)); add('lru',functools.lru_cache(f)); functools.lru_cache(f)
    lf=functools.lru_cache()(lambda a:[a]); lf(1); lf(2); add('lru2',lf); add('cmp',functools.cmp_to_key(f)(x)); add('cmpk',functools.cmp_to_key(f))
    add('range',range(1000,2000,3000)); add('rangeit',iter(range(1000,2000))); add('rangebig',iter(range(10**20,10**21)))
    tz=datetime.timezone(datetime.timedelta(hours=1),'n'); add('tz',tz); add('dt',datetime.datetime(2020,1,1,tzinfo=tz)); add('time',datetime.time(1,tzinfo=tz)); add('td',datetime.timedelta(1)); add('date',datetime.date(2020,1,1))
    add('mproxy',types.MappingProxyType({'k':x})); add('mproxy2',P.__dict__); add('sns',types.SimpleNamespace(a=x))
    for n in 'accumulate chain count cycle dropwhile filterfalse takewhile starmap islice repeat zip_longest product permutations combinations combinations_with_replacement groupby tee pairwise batched compress'.split():
        c=getattr(itertools,n,None)
        if c is None: continue
        big=[[1],[2],[3],10**9]
        fn=lambda *a:True
        args={'accumulate':(big,),'chain':(big,big),'count':(10**30,[].__len__() or 1),'cycle':(big,),'dropwhile':(fn,big),'filterfalse':(fn,big),'takewhile':(fn,big),'starmap':(fn,[(1,)]),'islice':(big,1,3),'repeat':(x,3),'zip_longest':(big,big),'product':(big,big),'permutations':(big,2),'combinations':(big,2),'combinations_with_replacement':(big,2),'groupby':(big,fn),'tee':(big,),'pairwise':(big,),'batched':(big,2),'compress':(big,big)}[n]
        o=c(*args)
        if n=='tee': add('tee',o[0]); next(o[0])
        else:
            add(n,o)
            try: r=next(o)
            except Exception: pass
            if n=='groupby': add('grouper',r[1])
    cc=itertools.chain.from_iterable([[x]]); next(cc); add('chain2',cc)
    for n,o in (('listit',iter(x)),('listrev',reversed(x)),('tupit',iter((1,x))),('dictit',iter({1:x})),('dictitems',iter({1:x}.items())),('dictvals',{1:x}.values()),('dictkeys',{1:x}.keys()),('ditems',{1:x}.items()),('setit',iter({(1,)})),('strit',iter('abc')),('bytesit',iter(b'abc')),('enumerate',enumerate([x])),('zip',zip(x,x)),('map',map(len,[x])),('filter',filter(None,x)),('reversed',reversed((1,2))),('dequeit',iter(collections.deque([x]))),('callit',iter(f,5)),('seqit',iter(T([x]))),('odit',iter(collections.OrderedDict(a=x))),('odkeys',collections.OrderedDict(a=x).keys()),('arrayit',iter(array.array('i',[1])))):
        add(n,o)
    o1=P(); o1.a=x
    add('wref',weakref.ref(o1,f)); add('wproxy',weakref.proxy(o1,f)); wv=weakref.WeakValueDictionary(k=o1); add('wvd',wv); wk=weakref.WeakKeyDictionary({o1:x}); add('wkd',wk); ws=weakref.WeakSet([o1]); add('wset',ws); add('wfin',weakref.finalize(o1,f,x)); zoo['keep']=o1
    cv=contextvars.ContextVar('cv',default=x); add('cv',cv); tok=cv.set(x); add('token',tok); ctx=contextvars.copy_context(); add('ctx',ctx)
    for i in range(40): contextvars.ContextVar('v%d'%i).set([i])
    ctx2=contextvars.copy_context(); add('ctx2',ctx2)
    loop=asyncio.new_event_loop(); fut=loop.create_future(); fut.add_done_callback(f); add('future',fut)
    async def job(): await asyncio.sleep(10)
    t=loop.create_task(job(),name='j'); loop.call_soon(loop.stop); loop.run_forever(); add('task',t); t2=loop.create_task(job()); t2.add_done_callback(f); add('task2',t2); ft=loop.create_future(); ft.set_result(x); add('futdone',ft); add('loop',loop); fe=loop.create_future(); fe.set_exception(ValueError(x)); fe.exception(); add('futexc',fe)
    zoo['_fin']=(loop,t,t2)
    add('method',T([x]).count); add('bmeth',o1.__init__); add('meth',make_m().m); add('builtin',len); add('bm2',x.append); add('wrapper',int.__add__); add('mwrap',(5).__add__); add('getset',type.__dict__['__mro__'] if '__mro__' in type.__dict__ else int.real); add('member',Sl.a); add('methdesc',list.append); add('cmdesc',dict.__dict__['fromkeys']); add('static',staticmethod(f)); add('classm',classmethod(f)); add('prop',property(f,f,f,'doc')); add('cprop',functools.cached_property(f)); add('super',super(L,L())); add('slice',slice(x,x,x)); add('memview',memoryview(b'abc')); add('barr',bytearray(b'a')); add('alias',list[int]); add('union',int|str); add('tvar',typing.TypeVar('T',bound=list)); add('ellipsis',...); add('module',types)
    add('class',P); add('meta',WithMeta); add('slots',Sl()); zoo['slots'].a=x; add('slotsd',SlD()); zoo['slotsd'].a=x; zoo['slotsd'].b=x; add('plain',o1); q=P(); q.a=x; q.__dict__; add('plaind',q); add('dc',DC(x))
    add('re',re.compile('a(b)')); add('match',re.match('a(?P<x>b)','ab')); add('scanner',re.compile('a').scanner('aaa')); add('finditer',re.finditer('a','aaa')); add('sio',io.StringIO('a')); add('bio',io.BytesIO(b'a')); add('tio',io.TextIOWrapper(io.BytesIO(b''))); add('br',io.BufferedReader(io.BytesIO(b''))); add('lock',threading.Lock()); add('rlock',threading.RLock()); add('local',threading.local()); zoo['local'].a=x; add('cond',threading.Condition()); add('queue',queue.Queue()); add('sq',queue.SimpleQueue()); zoo['sq'].put(x); add('dec',decimal.Decimal(1)); add('frac',fractions.Fraction(1,2)); add('array',array.array('i',[1])); add('attrg',operator.attrgetter('a.b','c')); add('itemg',operator.itemgetter(1,'a')); add('methc',operator.methodcaller('m',1,k=x)); add('struct',struct.Struct('i')); add('struct_it',struct.Struct('i').iter_unpack(b'1234')); add('random',random.Random()); add('namedt',collections.namedtuple('N','a b')(x,x)); add('sseq',sys.version_info); add('ct',(ctypes.py_object*2)(x,x)); add('cti',ctypes.c_int(5)); add('ctp',ctypes.pointer(ctypes.c_int(3))); add('thread',threading.current_thread()); add('zone',zoneinfo.ZoneInfo('UTC')); add('frame',sys._getframe()); add('nested',[[x]])
    def fr(): z=[x]; return sys._getframe()
    add('frame2',fr())
    return zoo
class M:
    def m(self): pass
def make_m(): return M()
