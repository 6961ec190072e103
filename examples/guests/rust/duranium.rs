//! Duranium's world `workflow` for Rust, with `std` alone: `async fn run(ctx, payload)` and the calls of the host as futures.
//!
//! A program has one task, its `run`. It is polled when the execution begins and when a result arrives, and each turn ends when the
//! task waits. Futures of several calls may wait at the same time: poll them together, as `join` does.

use std::cell::RefCell;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::ptr;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

/// What the execution knows of itself.
#[derive(Clone, Default)]
pub struct Ctx {
    pub workflow_id: String,
    pub version: u32,
    pub execution_id: String,
    pub entry_point: Option<String>,
    pub callback_url: String,
}

/// The answer to a call: JSON, and the bytes that go with it.
pub struct Answer {
    pub value: String,
    pub body: Vec<u8>,
}

/// An error as the host and the caller see it.
#[derive(Debug, Clone)]
pub struct Failure {
    pub name: String,
    pub message: String,
}

impl Failure {
    pub fn new(name: &str, message: impl Into<String>) -> Failure {
        Failure {
            name: name.into(),
            message: message.into(),
        }
    }
}

/// The result of `run`: JSON, or a failure.
pub type Outcome = Result<String, Failure>;

mod host {
    #[link(wasm_import_module = "duranium:runtime/host@0.1.0")]
    extern "C" {
        pub fn call(
            id: u32,
            operation: *const u8,
            operation_length: usize,
            arguments: *const u8,
            arguments_length: usize,
            body: *const u8,
            body_length: usize,
        );
        pub fn abandon(id: u32);
        pub fn complete(value: *const u8, length: usize);
        pub fn fail(failure: *const u8, length: usize);
    }
}

type Task = Pin<Box<dyn Future<Output = Outcome>>>;

#[derive(Default)]
struct State {
    task: Option<Task>,
    next_id: u32,
    /// By the id of the call; `None` until the result arrives.
    calls: HashMap<u32, Option<Result<Answer, Failure>>>,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

/// One call of the host. Dropping it before its result has arrived takes it back.
pub struct Call {
    id: u32,
}

/// Asks for an operation with arguments in JSON. The host begins it at the end of the turn, also if nothing awaits it.
pub fn call(operation: &str, arguments: &str, body: &[u8]) -> Call {
    let id = STATE.with(|state| {
        let mut state = state.borrow_mut();
        let id = state.next_id;
        state.next_id += 1;
        state.calls.insert(id, None);
        id
    });
    unsafe {
        host::call(
            id,
            operation.as_ptr(),
            operation.len(),
            arguments.as_ptr(),
            arguments.len(),
            body.as_ptr(),
            body.len(),
        )
    };
    Call { id }
}

impl Future for Call {
    type Output = Result<Answer, Failure>;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        STATE.with(|state| {
            let mut state = state.borrow_mut();
            match state.calls.get(&self.id) {
                Some(Some(_)) => Poll::Ready(state.calls.remove(&self.id).flatten().unwrap()),
                Some(None) => Poll::Pending,
                None => panic!("A call was awaited again after its result"),
            }
        })
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let was_pending = STATE.with(|state| matches!(state.borrow_mut().calls.remove(&self.id), Some(None)));
        if was_pending {
            unsafe { host::abandon(self.id) };
        }
    }
}

/// Sends a GET request, and returns the body of the response.
pub async fn fetch(url: &str) -> Result<Vec<u8>, Failure> {
    let answer = call("fetch", &format!("{{\"url\":{}}}", json::string(url)), &[]).await?;
    Ok(answer.body)
}

pub async fn sleep(milliseconds: u64) -> Result<(), Failure> {
    call("sleep", &format!("{{\"durationMs\":{milliseconds}}}"), &[])
        .await
        .map(drop)
}

/// Waits for the event number `index` of this name, and returns it as JSON.
pub async fn wait_for_event(name: &str, index: u32) -> Result<String, Failure> {
    let arguments = format!("{{\"event\":{},\"index\":{index}}}", json::string(name));
    Ok(call("wait", &arguments, &[]).await?.value)
}

/// The JSON that all executions of the workflow share under this key.
pub async fn state_get(key: &str) -> Result<Option<String>, Failure> {
    let arguments = format!("{{\"action\":\"get\",\"key\":{}}}", json::string(key));
    let kept = call("state", &arguments, &[]).await?.value;
    Ok(json::member(&kept, "value").map(str::to_owned))
}

pub async fn state_set(key: &str, value: &str) -> Result<(), Failure> {
    let arguments = format!(
        "{{\"action\":\"set\",\"key\":{},\"value\":{value}}}",
        json::string(key)
    );
    call("state", &arguments, &[]).await.map(drop)
}

/// Enough JSON for calls: strings are written, and members are found in what the host writes, which has no spaces.
pub mod json {
    pub fn string(text: &str) -> String {
        let mut written = String::from("\"");
        for character in text.chars() {
            match character {
                '"' | '\\' => written.extend(['\\', character]),
                control if control < ' ' => written += &format!("\\u{:04x}", control as u32),
                other => written.push(other),
            }
        }
        written + "\""
    }

    /// The JSON of a member of an object.
    pub fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
        let bytes = object.as_bytes();
        let key = string(name) + ":";
        let (mut depth, mut is_text, mut at) = (0, false, 0);
        let mut start = None;
        while at < bytes.len() {
            match bytes[at] {
                b'\\' if is_text => at += 1,
                b'"' if !is_text && depth == 1 && start.is_none() && object[at..].starts_with(&key) => {
                    at += key.len();
                    start = Some(at);
                    continue;
                }
                b'"' => is_text = !is_text,
                b'{' | b'[' if !is_text => depth += 1,
                b',' if !is_text && depth == 1 && start.is_some() => return Some(&object[start?..at]),
                b'}' | b']' if !is_text => {
                    depth -= 1;
                    if depth == 0 {
                        return start.map(|start| &object[start..at]);
                    }
                }
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// The text of a JSON string.
    pub fn text(json: &str) -> Option<String> {
        let inner = json.strip_prefix('"')?.strip_suffix('"')?;
        let mut text = String::new();
        let mut rest = inner.chars();
        while let Some(character) = rest.next() {
            if character != '\\' {
                text.push(character);
                continue;
            }
            match rest.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                'b' => text.push('\u{8}'),
                'f' => text.push('\u{c}'),
                'u' => {
                    let digits: String = rest.by_ref().take(4).collect();
                    text.push(char::from_u32(u32::from_str_radix(&digits, 16).ok()?).unwrap_or('\u{fffd}'));
                }
                other => text.push(other),
            }
        }
        Some(text)
    }
}

fn take_turn() {
    // Taken out, because the task uses the state itself.
    let mut task = match STATE.with(|state| state.borrow_mut().task.take()) {
        Some(task) => task,
        None => return,
    };
    let waker = unsafe { Waker::from_raw(RawWaker::new(ptr::null(), &NO_WAKER)) };
    match task.as_mut().poll(&mut Context::from_waker(&waker)) {
        Poll::Pending => STATE.with(|state| state.borrow_mut().task = Some(task)),
        Poll::Ready(Ok(value)) => unsafe { host::complete(value.as_ptr(), value.len()) },
        Poll::Ready(Err(failure)) => fail(&failure),
    }
}

/// Results wake the task, and nothing else.
const NO_WAKER: RawWakerVTable =
    RawWakerVTable::new(|_| RawWaker::new(ptr::null(), &NO_WAKER), |_| {}, |_| {}, |_| {});

fn fail(Failure { name, message }: &Failure) {
    let json = format!(
        "{{\"name\":{},\"message\":{}}}",
        json::string(name),
        json::string(message)
    );
    unsafe { host::fail(json.as_ptr(), json.len()) };
}

/// The functions that the host calls. `workflow!` exports them.
pub mod exports {
    use super::*;

    /// The host owns neither: what it passes belongs to the program.
    unsafe fn taken(pointer: *mut u8, length: usize) -> Vec<u8> {
        if length == 0 {
            Vec::new()
        } else {
            Vec::from_raw_parts(pointer, length, length)
        }
    }

    unsafe fn taken_text(pointer: *mut u8, length: usize) -> String {
        String::from_utf8_unchecked(taken(pointer, length))
    }

    #[no_mangle]
    pub unsafe extern "C" fn cabi_realloc(
        old: *mut u8,
        old_length: usize,
        alignment: usize,
        length: usize,
    ) -> *mut u8 {
        use std::alloc::{alloc, handle_alloc_error, realloc, Layout};
        if length == 0 {
            return alignment as *mut u8;
        }
        let layout = Layout::from_size_align_unchecked(length, alignment);
        let new = if old_length == 0 {
            alloc(layout)
        } else {
            realloc(
                old,
                Layout::from_size_align_unchecked(old_length, alignment),
                length,
            )
        };
        if new.is_null() {
            handle_alloc_error(layout);
        }
        new
    }

    /// A panic ends the program; its message becomes the failure of the execution.
    pub fn report_panics() {
        std::panic::set_hook(Box::new(|panic| {
            let message = panic
                .payload()
                .downcast_ref::<&str>()
                .map(|text| text.to_string())
                .or_else(|| panic.payload().downcast_ref::<String>().cloned());
            let place = panic
                .location()
                .map(|at| format!(" ({}:{}:{})", at.file(), at.line(), at.column()))
                .unwrap_or_default();
            fail(&Failure::new("Panic", message.unwrap_or_default() + &place));
        }));
    }

    #[allow(clippy::too_many_arguments)]
    pub unsafe fn run<F, R>(
        start: F,
        text: [(*mut u8, usize); 4],
        version: u32,
        has_entry_point: bool,
        payload: (*mut u8, usize),
    ) where
        F: FnOnce(Ctx, String) -> R,
        R: Future<Output = Outcome> + 'static,
    {
        let [workflow_id, execution_id, entry_point, callback_url] =
            text.map(|(pointer, length)| taken_text(pointer, length));
        let entry_point = if has_entry_point { Some(entry_point) } else { None };
        let ctx = Ctx {
            workflow_id,
            version,
            execution_id,
            entry_point,
            callback_url,
        };
        let task: Task = Box::pin(start(ctx, taken_text(payload.0, payload.1)));
        STATE.with(|state| state.borrow_mut().task = Some(task));
        take_turn();
    }

    /// The host calls it with the id of no call at the end of each turn, and with ids of calls that were dropped.
    #[no_mangle]
    pub unsafe extern "C" fn settle(
        id: u32,
        _now: f64,
        outcome: *mut u8,
        outcome_length: usize,
        body: *mut u8,
        body_length: usize,
    ) {
        let (outcome, body) = (taken_text(outcome, outcome_length), taken(body, body_length));
        let is_awaited = STATE.with(|state| {
            let mut state = state.borrow_mut();
            let slot = state.calls.get_mut(&id);
            let is_awaited = slot.is_some();
            if let Some(slot) = slot {
                *slot = Some(result_of(&outcome, body));
            }
            is_awaited
        });
        if is_awaited {
            take_turn();
        }
    }

    fn result_of(outcome: &str, body: Vec<u8>) -> Result<Answer, Failure> {
        if json::member(outcome, "ok") == Some("true") {
            return Ok(Answer {
                value: json::member(outcome, "value").unwrap_or("null").to_owned(),
                body,
            });
        }
        let error = json::member(outcome, "error").unwrap_or("{}");
        let text = |name| json::member(error, name).and_then(json::text);
        Err(Failure {
            name: text("name").unwrap_or_else(|| "Error".into()),
            message: text("message").unwrap_or_default(),
        })
    }

    /// Every call that waits is rejected.
    #[no_mangle]
    pub unsafe extern "C" fn cancel(_now: f64) {
        STATE.with(|state| {
            for slot in state
                .borrow_mut()
                .calls
                .values_mut()
                .filter(|slot| slot.is_none())
            {
                *slot = Some(Err(Failure::new("CancelledError", "The execution was cancelled")));
            }
        });
        take_turn();
    }
}

/// Exports a workflow: `workflow!(run);` for `async fn run(ctx: Ctx, payload: String) -> Outcome`.
#[macro_export]
macro_rules! workflow {
    ($run:path) => {
        #[no_mangle]
        pub unsafe extern "C" fn evaluate(_source: *mut u8, _length: usize) -> *const [u32; 3] {
            static OK: [u32; 3] = [0; 3];
            $crate::duranium::exports::report_panics();
            &OK
        }

        #[no_mangle]
        #[allow(clippy::too_many_arguments)]
        pub unsafe extern "C" fn run(
            workflow_id: *mut u8,
            workflow_id_length: usize,
            version: u32,
            execution_id: *mut u8,
            execution_id_length: usize,
            has_entry_point: u32,
            entry_point: *mut u8,
            entry_point_length: usize,
            _seed: *mut u8,
            _seed_length: usize,
            _now: f64,
            callback_url: *mut u8,
            callback_url_length: usize,
            payload: *mut u8,
            payload_length: usize,
        ) {
            let text = [
                (workflow_id, workflow_id_length),
                (execution_id, execution_id_length),
                (entry_point, entry_point_length),
                (callback_url, callback_url_length),
            ];
            $crate::duranium::exports::run(
                $run,
                text,
                version,
                has_entry_point == 1,
                (payload, payload_length),
            );
        }
    };
}
