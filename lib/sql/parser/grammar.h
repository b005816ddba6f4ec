#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "sql/ast/statement.h"
#include "sql/parser/precedence.h"
#include "sql/parser/token_stream.h"

namespace vesto::sql {

// The recursive-descent parser: one function per grammar rule, spread over the files of this folder
// by statement family. Private to sql/parser; others call Parse.
//
// Invariants:
//  1. A rule that nests (expression, query, table reference, join) holds a Nesting, so depth is
//     bounded by kMaxNesting and by the thread's stack: 54001.
//  2. Chains (a + b + c, AND, UNION, JOIN, ::) are loops, never recursion.
//  3. No rule goes back in the text: eight tokens of look-ahead suffice, and time is linear.
// Thread-safety: one thread only.
class Parser {
 public:
  explicit Parser(std::string_view text) : tokens_(text) {}

  absl::StatusOr<std::vector<Statement>> Statements();
  absl::StatusOr<ExpressionPtr> ExpressionAlone();
  absl::StatusOr<QueryPtr> QueryAlone();

 private:
  static constexpr int kMaxNesting = 1000;

  // Counts one level of nesting while it lives.
  class Nesting {
   public:
    explicit Nesting(Parser* parser) : parser_(parser) { ++parser_->nesting_; }
    ~Nesting() { --parser_->nesting_; }
    Nesting(const Nesting&) = delete;
    Nesting& operator=(const Nesting&) = delete;
    absl::Status Check() const;

   private:
    Parser* parser_;
  };

  // --- names.cc: names, lists and types --------------------------------------------------------
  // True when the token can name a column or table: a quoted word or an unreserved one.
  bool IsName(size_t ahead = 0);
  absl::StatusOr<std::string> ParseName();                   // unreserved or quoted
  absl::StatusOr<std::string> ParseLabel();                  // any word: after AS and after a point
  absl::StatusOr<std::string> ParseUserName();               // keeps the case of a quoted name
  absl::StatusOr<Name> ParseQualifiedName();                 // a.b.c
  absl::StatusOr<std::vector<std::string>> ParseNameList();  // a, b
  absl::StatusOr<std::vector<std::string>> ParseNamesInParentheses();  // (a, b)
  absl::StatusOr<std::vector<Name>> ParseQualifiedNameList();
  absl::StatusOr<std::string> ParseStringLiteral();
  absl::StatusOr<int64_t> ParseInteger();   // with sign
  absl::StatusOr<int> ParseSmallInteger();  // 0 .. 2^31-1
  absl::StatusOr<TypeName> ParseTypeName();
  absl::Status ParseModifiers(TypeName* type);
  absl::StatusOr<std::string> ParseIntervalQualifier(std::vector<int>* modifiers);

  // --- expression.cc: operators ----------------------------------------------------------------
  absl::StatusOr<ExpressionPtr> ParseExpression();
  absl::StatusOr<ExpressionPtr> ParseOperators(Precedence lowest);
  absl::StatusOr<ExpressionPtr> ClimbOperators(ExpressionPtr left, Precedence lowest);
  absl::StatusOr<ExpressionPtr> ParsePrefix();
  absl::StatusOr<ExpressionPtr> ParsePostfix();
  // ::type, [index], .attribute after an operand.
  absl::StatusOr<ExpressionPtr> ParseNavigation(ExpressionPtr left);
  absl::StatusOr<ExpressionPtr> ParseIs(ExpressionPtr left);
  absl::StatusOr<ExpressionPtr> ParsePredicate(ExpressionPtr left);  // LIKE, IN, BETWEEN
  absl::StatusOr<ExpressionPtr> ParseIn(ExpressionPtr left, bool negated);
  absl::StatusOr<ExpressionPtr> ParseQuantified(ExpressionPtr left, std::string op);
  static absl::StatusOr<ExpressionPtr> QuantifiedArray(ExpressionPtr left, std::string_view op,
                                                       const Token& quantifier,
                                                       std::vector<ExpressionPtr> list);
  // What stands in parentheses: a query, or one or more expressions (then `query` is null).
  struct QueryOrList {
    QueryPtr query;
    std::vector<ExpressionPtr> list;
  };
  absl::StatusOr<QueryOrList> ParseQueryOrList();
  absl::StatusOr<std::vector<ExpressionPtr>> ParseExpressionList();
  // An expression or DEFAULT.
  absl::StatusOr<ExpressionPtr> ParseValueOrDefault();

  // --- primary.cc: operands --------------------------------------------------------------------
  absl::StatusOr<ExpressionPtr> ParsePrimary();
  absl::StatusOr<ExpressionPtr> ParseParenthesised();
  absl::StatusOr<ExpressionPtr> ParseNameOrCall();
  absl::StatusOr<ExpressionPtr> ParseReservedWord();
  absl::StatusOr<ExpressionPtr> ParseCase();
  absl::StatusOr<ExpressionPtr> ParseInterval();
  absl::StatusOr<ExpressionPtr> ParseTypedString(TypeName type, int offset);
  absl::StatusOr<ExpressionPtr> ParseParameter();
  absl::StatusOr<ExpressionPtr> ParseStar(Name qualifier, int offset);

  // --- call.cc: functions and their special syntaxes -------------------------------------------
  absl::StatusOr<ExpressionPtr> ParseCall(Name name, int offset, bool approximate);
  absl::Status ParseCallArguments(Expression* call);
  absl::Status ParseNullTreatment(Expression* call);
  absl::StatusOr<std::unique_ptr<WindowSpec>> ParseWindow();
  absl::StatusOr<WindowFrame> ParseFrame();
  absl::StatusOr<std::pair<FrameBound, ExpressionPtr>> ParseFrameBound();
  // CAST, CONVERT, TRY_CAST, EXTRACT, POSITION, SUBSTRING, TRIM, EXISTS, ROW: null when the next
  // tokens are none of them.
  absl::StatusOr<ExpressionPtr> ParseSpecialCall();
  absl::StatusOr<ExpressionPtr> ParseCast(bool try_cast);
  absl::StatusOr<ExpressionPtr> ParseConvert();
  absl::StatusOr<ExpressionPtr> ParseExtract();
  absl::StatusOr<ExpressionPtr> ParsePosition();
  absl::StatusOr<ExpressionPtr> ParseSubstring();
  absl::StatusOr<ExpressionPtr> ParseTrim();

  // --- query.cc --------------------------------------------------------------------------------
  bool IsQueryStart(size_t ahead = 0);  // SELECT, WITH, VALUES (
  bool ContinuesQuery();                // UNION, ORDER BY, LIMIT, ...
  absl::StatusOr<QueryPtr> ParseQuery();
  absl::StatusOr<With> ParseWith();
  // The rest of a query whose first operand, in parentheses, has been read.
  absl::StatusOr<QueryPtr> ContinueQuery(QueryPtr first);
  absl::StatusOr<QueryPtr> ParseSetOperations(QueryPtr first);
  absl::StatusOr<QueryPtr> ParseIntersections(QueryPtr first);
  absl::StatusOr<QueryPtr> ParseQueryOperand();
  absl::StatusOr<QueryPtr> ParseValues();
  absl::StatusOr<QueryPtr> ParseSelect();
  absl::Status ParseSelectList(std::vector<SelectItem>* items);
  absl::Status ParseExclude(std::vector<SelectItem>* items);
  absl::Status ParseSelectClauses(Select* select);
  absl::Status ParseQueryTail(Query* query);
  absl::StatusOr<SelectItem> ParseSelectItem();
  absl::StatusOr<std::vector<OrderItem>> ParseOrderList();
  absl::StatusOr<std::vector<GroupingElement>> ParseGroupBy();
  absl::StatusOr<GroupingElement> ParseGroupingElement();

  // --- table_ref.cc ----------------------------------------------------------------------------
  absl::StatusOr<std::vector<TableRefPtr>> ParseFromList();
  absl::StatusOr<TableRefPtr> ParseTableRef();
  absl::StatusOr<TableRefPtr> ParseJoins(TableRefPtr left);
  absl::StatusOr<TableRefPtr> ParseTableFactor();
  absl::StatusOr<TableRefPtr> ParseTablePrimary();
  absl::StatusOr<TableRefPtr> ParseTableInParentheses();
  absl::StatusOr<TableRefPtr> ParseNamedTable();
  absl::StatusOr<TableRefPtr> ParseObjectUnpivot();
  absl::StatusOr<TableRefPtr> ParsePivot(TableRefPtr left);
  absl::StatusOr<TableRefPtr> ParseUnpivot(TableRefPtr left);
  absl::Status ParsePivotValues(TableRef* table);
  absl::Status ParseTableAlias(TableRef* table);
  bool IsBareTableAlias();
  bool IsJoin();
  absl::Status ParseColumnAliases(TableRef* table);

  // --- dml.cc ----------------------------------------------------------------------------------
  absl::StatusOr<Statement::Node> ParseQueryStatement();
  absl::StatusOr<Statement::Node> ParseWithStatement();
  absl::StatusOr<Statement::Node> ParseInsert();
  absl::Status RejectReturning(std::string_view statement);
  absl::StatusOr<Statement::Node> ParseUpdate();
  absl::StatusOr<Statement::Node> ParseDelete();
  absl::StatusOr<Statement::Node> ParseMerge();
  absl::Status ParseMergeAction(MergeStatement* merge);
  absl::StatusOr<std::vector<SetClause>> ParseSetClauses();
  absl::StatusOr<Statement::Node> ParseTruncate();

  // --- create_table.cc -------------------------------------------------------------------------
  absl::StatusOr<Statement::Node> ParseCreateTable(bool temporary);
  absl::Status ParseTableElement(CreateTableStatement* create);
  absl::Status ParseLike(CreateTableStatement* create);
  bool IsTableConstraint();
  absl::StatusOr<TableConstraint> ParseTableConstraint();
  absl::StatusOr<ColumnDefinition> ParseColumnDefinition();
  absl::Status ParseColumnAttributes(ColumnDefinition* column);
  absl::Status ParseIdentityNumbers(ColumnDefinition* column);
  absl::StatusOr<bool> ParseCollation();  // true: case-insensitive
  absl::Status ParseReferences(Name* table, std::vector<std::string>* columns);
  // Reads attributes until none follows; `positions` allows 1-based numbers for columns.
  absl::Status ParseTableAttributes(TableAttributes* attributes, bool positions);
  absl::StatusOr<std::string> ParseDistStyle();
  absl::StatusOr<std::string> ParseKeyColumn(bool positions);

  // --- create.cc, alter.cc, drop.cc ------------------------------------------------------------
  absl::StatusOr<Statement::Node> ParseCreate();
  absl::StatusOr<Statement::Node> ParseCreateView(bool or_replace);
  absl::StatusOr<Statement::Node> ParseCreateSchema();
  absl::StatusOr<Statement::Node> ParseCreateDatabase();
  absl::StatusOr<Statement::Node> ParseCreateUser();
  absl::StatusOr<Statement::Node> ParseCreateGroup();
  using UserOptions = std::vector<std::pair<std::string, std::string>>;
  // Reads one user option; false when none follows.
  absl::StatusOr<bool> ParseUserOption(UserOptions* options);
  absl::StatusOr<std::string> ParseQuota();
  absl::StatusOr<std::string> ParseConnectionLimit();
  absl::StatusOr<std::string> ParseIsolationLevel();
  absl::StatusOr<bool> ParseIfNotExists();
  absl::StatusOr<std::vector<std::string>> ParseUserNames();
  absl::StatusOr<Statement::Node> ParseAlter();
  absl::StatusOr<Statement::Node> ParseAlterTable();
  absl::StatusOr<Statement::Node> ParseAlterTableAdd(AlterTableStatement alter);
  absl::StatusOr<Statement::Node> ParseAlterTableDrop(AlterTableStatement alter);
  absl::StatusOr<Statement::Node> ParseAlterTableAlter(AlterTableStatement alter);
  absl::Status ParseAlterTableDesign(AlterTableStatement* alter);
  absl::StatusOr<Statement::Node> ParseAlterObject(ObjectKind kind);
  absl::Status ParseAlterUserOption(UserOptions* options);
  absl::Status ParseAlterDatabaseOption(UserOptions* options);
  absl::StatusOr<Statement::Node> ParseDrop();
  bool AcceptCascade();  // CASCADE or RESTRICT
  std::optional<ObjectKind> AcceptObjectKind();
  // Skips "(argument types)" of a function's signature.
  absl::Status SkipSignature();

  // --- privilege.cc, comment.cc ----------------------------------------------------------------
  absl::StatusOr<Statement::Node> ParseGrant(bool revoke);
  absl::Status ParsePrivileges(GrantStatement* grant);
  absl::Status ParseGrantObjects(GrantStatement* grant);
  absl::Status ParseGrantees(GrantStatement* grant);
  absl::StatusOr<GrantStatement::Grantee> ParseGrantee();
  absl::StatusOr<Statement::Node> ParseDefaultPrivileges();
  absl::StatusOr<Statement::Node> ParseComment();

  // --- copy.cc ---------------------------------------------------------------------------------
  absl::StatusOr<Statement::Node> ParseCopy();
  absl::StatusOr<Statement::Node> ParseUnload();
  absl::StatusOr<std::vector<CopyOption>> ParseCopyOptions();
  absl::Status ParseCopyOptionValues(CopyOption* option);

  // --- client_copy.cc --------------------------------------------------------------------------
  absl::StatusOr<Statement::Node> ParseClientCopy(CopyStatement target);
  absl::StatusOr<CopyOption> ParseClientCopyOption();

  // --- show.cc ---------------------------------------------------------------------------------
  absl::StatusOr<Statement::Node> ParseShow();
  absl::StatusOr<Statement::Node> ParseShowObjects(ShowStatement show);
  absl::StatusOr<Statement::Node> ParseShowConstraints();
  absl::StatusOr<Statement::Node> ParseShowGrants(bool of_columns);
  absl::StatusOr<Statement::Node> ParseShowParameters();
  absl::Status ParseShowPath(size_t names_max, ShowStatement* show);
  absl::Status ParseShowFilter(ShowStatement* show);  // [LIKE 'p'] [LIMIT n]
  // A name, which becomes a string literal, or a parameter.
  absl::StatusOr<ExpressionPtr> ParseNameOrParameter();

  // --- utility.cc: session, transaction, cursor and maintenance statements ---------------------
  absl::StatusOr<Statement::Node> ParseExplain();
  absl::StatusOr<Statement::Node> ParseAnalyze();
  absl::StatusOr<Statement::Node> ParseVacuum();
  absl::StatusOr<Statement::Node> ParseLock();
  absl::StatusOr<Statement::Node> ParseBegin();
  absl::StatusOr<Statement::Node> ParseEndOfTransaction(TransactionStatement::Kind kind);
  absl::StatusOr<bool> ParseTransactionModes();  // true: READ ONLY
  absl::StatusOr<Statement::Node> ParseSet();
  absl::StatusOr<std::string> ParseSettingValue();
  absl::StatusOr<std::string> ParseSettingName();
  absl::StatusOr<Statement::Node> ParseReset();
  absl::StatusOr<Statement::Node> ParseDiscard();
  absl::StatusOr<Statement::Node> ParseUnlisten();
  absl::StatusOr<Statement::Node> ParsePrepare();
  absl::StatusOr<Statement::Node> ParseExecute();
  absl::StatusOr<Statement::Node> ParseDeallocate();
  absl::StatusOr<Statement::Node> ParseDeclare();
  absl::StatusOr<Statement::Node> ParseFetch();
  absl::StatusOr<Statement::Node> ParseClose();
  absl::StatusOr<Statement::Node> ParseCancel();

  // --- statement.cc ----------------------------------------------------------------------------
  absl::StatusOr<Statement> ParseStatement();
  absl::StatusOr<Statement::Node> ParseNode();
  absl::StatusOr<std::unique_ptr<Statement>> ParseInnerStatement();
  bool AtStatementEnd();
  absl::Status CheckParameter(int index, int offset);

  // --- unsupported.cc --------------------------------------------------------------------------
  // Skips to the statement's end and answers UnsupportedStatement.
  Statement::Node Unsupported(std::string feature);
  // The same for the object named after `verb`: "CREATE" + INDEX; a syntax error for no known one.
  absl::StatusOr<Statement::Node> ParseUnsupported(std::string_view verb);
  absl::StatusOr<Statement::Node> ParseUnsupportedVerb();

  TokenStream tokens_;
  int nesting_ = 0;
  // Remembers that the next token is a password or a key.
  void NoteSecret() { secrets_.emplace_back(tokens_.Peek().offset, tokens_.Peek().end); }

  int num_parameters_ = 0;
  std::vector<std::pair<int, int>> secrets_;  // of the statement being read
  bool in_connect_by_ = false;  // PRIOR is an operator
  // Offset of the select item being read, the only place for "*" and "t.*"; -1 elsewhere.
  int star_allowed_at_ = -1;
};

// True for words whose value is a secret: PASSWORD, CREDENTIALS, SECRET_ACCESS_KEY, ...
bool NamesSecret(std::string_view option);

// Shared by the rules: a node of `kind` at `offset`.
ExpressionPtr MakeExpression(ExpressionKind kind, int offset);

}  // namespace vesto::sql
