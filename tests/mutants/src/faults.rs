//! The faults of one file, and its text with all of them behind questions.

use std::fmt::Write as _;
use std::ops::Range;

use proc_macro2::Span;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Expr, ReturnType, Token, Type};

/// One fault: where it stands and what it changes.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) what: String,
}

/// What is put into the text of a file.
#[derive(Debug)]
struct Edit {
    range: Range<usize>,
    text: String,
    side: Side,
    /// The fault that this text belongs to, for errors of the compiler.
    faults: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Close,
    Replace,
    Open,
}

/// The faults of one file.
#[derive(Debug, Default)]
pub(crate) struct Faults<'text> {
    text: &'text str,
    first: usize,
    pub(crate) list: Vec<Fault>,
    edits: Vec<Edit>,
    skipped: Vec<usize>,
    within: Vec<String>,
}

/// A text, and which bytes of it belong to which fault.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) text: String,
    pub(crate) owned: Vec<(Range<usize>, usize)>,
}

impl<'text> Faults<'text> {
    /// The faults that can be put into `text`, numbered from `first`; those in `skipped` are left out.
    pub(crate) fn of(text: &'text str, first: usize, skipped: &[usize]) -> syn::Result<Self> {
        let mut faults = Self { text, first, skipped: skipped.to_vec(), ..Self::default() };
        faults.visit_file(&syn::parse_file(text)?);
        Ok(faults)
    }

    /// A new fault: its question, unless it is left out.
    fn add(&mut self, span: Span, what: String) -> Option<usize> {
        let number = self.first + self.list.len();
        let start = span.start();
        let within = self.within.join("::");
        self.list.push(Fault {
            line: start.line,
            column: start.column + 1,
            what: if within.is_empty() { what } else { format!("{what} in {within}") },
        });
        (!self.skipped.contains(&number)).then_some(number)
    }

    fn edit(&mut self, range: Range<usize>, side: Side, text: String, faults: &[usize]) {
        self.edits.push(Edit { range, text, side, faults: faults.to_vec() });
    }

    fn wrap(&mut self, span: Span, open: String, close: String, fault: usize) {
        let range = span.byte_range();
        self.edit(range.start..range.start, Side::Open, open, &[fault]);
        self.edit(range.end..range.end, Side::Close, close, &[fault]);
    }

    /// The text with every fault in it.
    pub(crate) fn written(&self) -> Written {
        let text = self.text;
        let mut order: Vec<(usize, &Edit)> = self.edits.iter().enumerate().collect();
        // What was opened first stands outside: at one place it is opened first and closed last.
        order.sort_by_key(|(at, edit)| {
            let at = isize::try_from(*at).unwrap_or(isize::MAX);
            match edit.side {
                Side::Close => (edit.range.start, 0, -at),
                Side::Open => (edit.range.start, 1, at),
                Side::Replace => (edit.range.start, 2, at),
            }
        });
        let mut written = Written { text: String::with_capacity(text.len() * 2), owned: Vec::new() };
        let mut done = 0;
        for (_, edit) in order {
            written.text.push_str(text.get(done..edit.range.start).unwrap_or_default());
            let start = written.text.len();
            written.text.push_str(&edit.text);
            for fault in &edit.faults {
                written.owned.push((start..written.text.len(), *fault));
            }
            done = edit.range.end;
        }
        written.text.push_str(text.get(done..).unwrap_or_default());
        written
    }

    fn function(&mut self, attributes: &[syn::Attribute], signature: &syn::Signature, block: &syn::Block) -> bool {
        if is_for_tests(attributes) || signature.constness.is_some() || signature.ident == "default" {
            return false;
        }
        self.within.push(signature.ident.to_string());
        let values = match &signature.output {
            ReturnType::Default => vec![String::new()],
            ReturnType::Type(_, kind) => values(kind),
        };
        let at = block.brace_token.span.open().byte_range().end;
        for value in values {
            if block.stmts.is_empty() {
                continue;
            }
            let what = if value.is_empty() { "nothing is done".to_owned() } else { format!("the answer is {value}") };
            if let Some(number) = self.add(block.span(), what) {
                self.edit(
                    at..at,
                    Side::Open,
                    format!(" if crate::fault_is({number}) {{ return {value}; }} "),
                    &[number],
                );
            }
        }
        true
    }

    /// The operator and each of the others, on operands that are worked out once: by reference where they are compared.
    fn operator(&mut self, expression: &syn::ExprBinary, operator: &str, others: &[&str]) {
        let reference =
            if matches!(expression.op, BinOp::Lt(_) | BinOp::Le(_) | BinOp::Gt(_) | BinOp::Ge(_)) { "&" } else { "" };
        let (numbers, chosen) = self.chosen(expression, "left", operator, others);
        if numbers.is_empty() {
            return;
        }
        let (left, right) = (expression.left.span().byte_range(), expression.right.span().byte_range());
        self.edit(left.start..left.start, Side::Open, format!("(match ({reference}("), &numbers);
        self.edit(expression.op.span().byte_range(), Side::Replace, format!("), {reference}("), &numbers);
        let close = format!(")) {{ (left, right) => {chosen} {{ left {operator} right }} }})");
        self.edit(right.end..right.end, Side::Close, close, &numbers);
    }

    /// A fault for each of the other operators, and the text that chooses between them.
    fn chosen(
        &mut self,
        expression: &syn::ExprBinary,
        left: &str,
        operator: &str,
        others: &[&str],
    ) -> (Vec<usize>, String) {
        let (mut numbers, mut text) = (Vec::new(), String::new());
        for other in others {
            if let Some(number) = self.add(expression.op.span(), format!("`{operator}` becomes `{other}`")) {
                numbers.push(number);
                let _ = write!(text, "if crate::fault_is({number}) {{ {left} {other} right }} else ");
            }
        }
        (numbers, text)
    }

    /// The place is written again as it stands: it is short, and nothing in it is changed.
    fn assignment(&mut self, expression: &syn::ExprBinary, operator: &str, others: &[&str]) {
        let (left, right) = (expression.left.span().byte_range(), expression.right.span().byte_range());
        let place = self.text.get(left.clone()).unwrap_or_default();
        let (numbers, chosen) = self.chosen(expression, place, operator, others);
        if !numbers.is_empty() {
            self.edit(left.start..right.start, Side::Replace, "match (".to_owned(), &numbers);
            let close = format!(") {{ right => {chosen} {{ {place} {operator} right }} }}");
            self.edit(right.end..right.end, Side::Close, close, &numbers);
        }
        self.visit_expr(&expression.right);
    }
}

impl<'ast> Visit<'ast> for Faults<'_> {
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'ast syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_trait_item_const(&mut self, _: &'ast syn::TraitItemConst) {}
    fn visit_expr_const(&mut self, _: &'ast syn::ExprConst) {}
    fn visit_type(&mut self, _: &'ast Type) {}
    fn visit_pat(&mut self, _: &'ast syn::Pat) {}
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if !is_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if is_for_tests(&item.attrs) {
            return;
        }
        if let Some((_, path, _)) = &item.trait_
            && path.segments.last().is_some_and(|last| last.ident == "Debug")
        {
            return;
        }
        let name = match &*item.self_ty {
            Type::Path(path) => path.path.segments.last().map(|last| last.ident.to_string()),
            _ => None,
        };
        self.within.push(name.unwrap_or_default());
        visit::visit_item_impl(self, item);
        self.within.pop();
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if self.function(&item.attrs, &item.sig, &item.block) {
            visit::visit_block(self, &item.block);
            self.within.pop();
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if self.function(&item.attrs, &item.sig, &item.block) {
            visit::visit_block(self, &item.block);
            self.within.pop();
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default
            && self.function(&item.attrs, &item.sig, block)
        {
            visit::visit_block(self, block);
            self.within.pop();
        }
    }

    fn visit_expr_binary(&mut self, expression: &'ast syn::ExprBinary) {
        match &expression.op {
            BinOp::Eq(_) | BinOp::Ne(_) => {
                let (was, becomes) = if matches!(expression.op, BinOp::Eq(_)) { ("==", "!=") } else { ("!=", "==") };
                if let Some(number) = self.add(expression.op.span(), format!("`{was}` becomes `{becomes}`")) {
                    self.wrap(expression.span(), "((".to_owned(), format!(") ^ crate::fault_is({number}))"), number);
                }
            }
            BinOp::And(_) | BinOp::Or(_) if !has_let(&expression.left) && !has_let(&expression.right) => {
                let and = matches!(expression.op, BinOp::And(_));
                let what = if and { "`&&` becomes `||`" } else { "`||` becomes `&&`" };
                if let Some(number) = self.add(expression.op.span(), what.to_owned()) {
                    let (left, right) = (expression.left.span().byte_range(), expression.right.span().byte_range());
                    self.edit(left.start..left.start, Side::Open, "({ let left: bool = ".to_owned(), &[number]);
                    self.edit(
                        expression.op.span().byte_range(),
                        Side::Replace,
                        format!(
                            "; if left == ({}crate::fault_is({number})) {{ left }} else {{ ",
                            if and { "" } else { "!" }
                        ),
                        &[number],
                    );
                    self.edit(right.end..right.end, Side::Close, " } })".to_owned(), &[number]);
                }
            }
            BinOp::Lt(_) => self.operator(expression, "<", &["==", ">", "<="]),
            BinOp::Gt(_) => self.operator(expression, ">", &["==", "<", ">="]),
            BinOp::Le(_) => self.operator(expression, "<=", &[">"]),
            BinOp::Ge(_) => self.operator(expression, ">=", &["<"]),
            BinOp::Add(_) => self.operator(expression, "+", &["-", "*"]),
            BinOp::Sub(_) => self.operator(expression, "-", &["+", "/"]),
            BinOp::Mul(_) => self.operator(expression, "*", &["+", "/"]),
            BinOp::Div(_) => self.operator(expression, "/", &["%", "*"]),
            BinOp::Rem(_) => self.operator(expression, "%", &["/", "+"]),
            BinOp::BitAnd(_) => self.operator(expression, "&", &["|", "^"]),
            BinOp::BitOr(_) => self.operator(expression, "|", &["&", "^"]),
            BinOp::BitXor(_) => self.operator(expression, "^", &["|", "&"]),
            BinOp::Shl(_) => self.operator(expression, "<<", &[">>"]),
            BinOp::Shr(_) => self.operator(expression, ">>", &["<<"]),
            BinOp::AddAssign(_) => return self.assignment(expression, "+=", &["-=", "*="]),
            BinOp::SubAssign(_) => return self.assignment(expression, "-=", &["+=", "/="]),
            BinOp::MulAssign(_) => return self.assignment(expression, "*=", &["+=", "/="]),
            BinOp::BitAndAssign(_) => return self.assignment(expression, "&=", &["|=", "^="]),
            BinOp::BitOrAssign(_) => return self.assignment(expression, "|=", &["&=", "^="]),
            BinOp::BitXorAssign(_) => return self.assignment(expression, "^=", &["|=", "&="]),
            _ => {}
        }
        visit::visit_expr_binary(self, expression);
    }

    fn visit_expr_unary(&mut self, expression: &'ast syn::ExprUnary) {
        if matches!(expression.op, syn::UnOp::Not(_))
            && let Some(number) = self.add(expression.op.span(), "`!` goes".to_owned())
        {
            self.wrap(expression.span(), "((".to_owned(), format!(") ^ crate::fault_is({number}))"), number);
        }
        visit::visit_expr_unary(self, expression);
    }

    /// What `ensure!` asks is what the code decides by.
    fn visit_macro(&mut self, asked: &'ast syn::Macro) {
        if !asked.path.is_ident("ensure") {
            return;
        }
        let Ok(arguments) = asked.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated) else { return };
        if let Some(condition) = arguments.first()
            && let Some(number) = self.add(condition.span(), "the condition holds".to_owned())
        {
            self.wrap(condition.span(), "((".to_owned(), format!(") || crate::fault_is({number}))"), number);
        }
        for argument in &arguments {
            Visit::visit_expr(self, argument);
        }
    }

    fn visit_expr_match(&mut self, expression: &'ast syn::ExprMatch) {
        let open = expression.arms.iter().any(|arm| matches!(arm.pat, syn::Pat::Wild(_)) && arm.guard.is_none());
        for arm in &expression.arms {
            match &arm.guard {
                Some((_, guard)) if !has_let(guard) => {
                    for answer in [true, false] {
                        if let Some(number) = self.add(guard.span(), format!("the guard is {answer}")) {
                            let joined = if answer { "||" } else { "&& !" };
                            self.wrap(
                                guard.span(),
                                "((".to_owned(),
                                format!(") {joined} crate::fault_is({number}))"),
                                number,
                            );
                        }
                    }
                }
                None if open && !matches!(arm.pat, syn::Pat::Wild(_)) => {
                    if let Some(number) = self.add(arm.pat.span(), "the arm goes".to_owned()) {
                        let end = arm.pat.span().byte_range().end;
                        self.edit(end..end, Side::Close, format!(" if !crate::fault_is({number})"), &[number]);
                    }
                }
                _ => {}
            }
        }
        visit::visit_expr_match(self, expression);
    }
}

/// Whether a condition takes something out of its subject.
fn has_let(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(inner) => has_let(&inner.left) || has_let(&inner.right),
        _ => false,
    }
}

/// Whether it is built for tests alone.
fn is_for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("test")
            || attribute.path().is_ident("cfg") && attribute.parse_args::<syn::Ident>().is_ok_and(|word| word == "test")
    })
}

/// Values of a type that a function might answer instead.
fn values(kind: &Type) -> Vec<String> {
    let some = |of: &[&str]| of.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    match kind {
        Type::Never(_) | Type::ImplTrait(_) => Vec::new(),
        Type::Tuple(tuple) if tuple.elems.is_empty() => vec![String::new()],
        Type::Tuple(tuple) => {
            let first: Vec<String> = tuple.elems.iter().filter_map(|each| values(each).into_iter().next()).collect();
            if first.len() == tuple.elems.len() { vec![format!("({})", first.join(", "))] } else { Vec::new() }
        }
        Type::Reference(reference) => match &*reference.elem {
            Type::Path(path) if path.path.is_ident("str") => some(&["\"\"", "\"xyzzy\""]),
            Type::Slice(_) => some(&["&[]"]),
            _ => some(&["Box::leak(Box::new(Default::default()))"]),
        },
        Type::Path(path) => {
            let Some(last) = path.path.segments.last() else {
                return Vec::new();
            };
            let inner = || match &last.arguments {
                syn::PathArguments::AngleBracketed(arguments) => {
                    arguments.args.iter().find_map(|argument| match argument {
                        syn::GenericArgument::Type(kind) => Some(kind),
                        _ => None,
                    })
                }
                _ => None,
            };
            match last.ident.to_string().as_str() {
                "bool" => some(&["true", "false"]),
                "u8" | "u16" | "u32" | "u64" | "u128" | "usize" => some(&["0", "1"]),
                "i8" | "i16" | "i32" | "i64" | "i128" | "isize" => some(&["0", "1", "-1"]),
                "f32" | "f64" => some(&["0.0", "1.0", "-1.0"]),
                "String" => some(&["String::new()", "\"xyzzy\".into()"]),
                "Option" => {
                    let mut all = some(&["None"]);
                    if let Some(kind) = inner() {
                        all.extend(values(kind).into_iter().map(|value| format!("Some({value})")));
                    }
                    all
                }
                "Result" => match inner() {
                    Some(kind) => values(kind)
                        .into_iter()
                        .map(|value| format!("Ok({})", if value.is_empty() { "()" } else { &value }))
                        .collect(),
                    None => some(&["Ok(Default::default())"]),
                },
                "Vec" => some(&["vec![]"]),
                "Box" | "Arc" | "Rc" => inner().map_or_else(Vec::new, |kind| {
                    values(kind).into_iter().map(|value| format!("{}::new({value})", last.ident)).collect()
                }),
                _ => some(&["Default::default()"]),
            }
        }
        _ => some(&["Default::default()"]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(text: &str, skipped: &[usize]) -> (Vec<String>, String) {
        let faults = Faults::of(text, 0, skipped).expect("Rust");
        let written = faults.written();
        syn::parse_file(&written.text).expect("still Rust");
        for (range, fault) in &written.owned {
            assert!(*fault < faults.list.len() && written.text.get(range.clone()).is_some());
        }
        (faults.list.into_iter().map(|fault| fault.what).collect(), written.text)
    }

    #[test]
    fn answers_operators_conditions_and_arms() {
        let (what, text) = faults(
            "fn f(a: u8, b: u8) -> bool { match a { 1 if b > 2 => !(a == b), 3 => a + 1 < b && b != 9, _ => true } }",
            &[],
        );
        let expected = [
            "the answer is true in f",
            "the answer is false in f",
            "the guard is true in f",
            "the guard is false in f",
            "the arm goes in f",
            "`>` becomes `==` in f",
            "`>` becomes `<` in f",
            "`>` becomes `>=` in f",
            "`!` goes in f",
            "`==` becomes `!=` in f",
            "`&&` becomes `||` in f",
            "`<` becomes `==` in f",
            "`<` becomes `>` in f",
            "`<` becomes `<=` in f",
            "`+` becomes `-` in f",
            "`+` becomes `*` in f",
            "`!=` becomes `==` in f",
        ];
        assert_eq!(what, expected);
        assert_eq!(text.matches("fault_is(").count(), expected.len());
    }

    #[test]
    fn conditions_that_are_ensured() {
        let (what, text) = faults("fn f(a: u8) -> Result<(), u8> { ensure!(a < 3, a); Ok(()) }", &[]);
        let expected = [
            "the answer is Ok(()) in f",
            "the condition holds in f",
            "`<` becomes `==` in f",
            "`<` becomes `>` in f",
            "`<` becomes `<=` in f",
        ];
        assert_eq!(what, expected);
        assert!(text.contains("|| crate::fault_is(1)"), "{text}");
    }

    #[test]
    fn what_is_left_out_keeps_its_number() {
        let (what, text) = faults("fn f(a: u8) -> u8 { let mut b = a; b += 2; b }", &[1, 2]);
        assert_eq!(
            what,
            ["the answer is 0 in f", "the answer is 1 in f", "`+=` becomes `-=` in f", "`+=` becomes `*=` in f"]
        );
        assert!(text.contains("fault_is(0)") && text.contains("fault_is(3)"));
        assert!(!text.contains("fault_is(1)") && !text.contains("fault_is(2)"));
    }

    #[test]
    fn constants_tests_and_conditions_that_take_something_out_are_left_alone() {
        let text = "const A: bool = 1 < 2; const fn f() -> u8 { 1 + 1 } #[cfg(test)] mod tests { fn g() -> u8 { 2 } }
            impl std::fmt::Debug for X { fn fmt(&self) -> u8 { 1 } } fn h(a: Option<u8>) { if let Some(b) = a && b == 1 {} }";
        let (what, _) = faults(text, &[]);
        assert_eq!(what, ["nothing is done in h", "`==` becomes `!=` in h"]);
    }
}
