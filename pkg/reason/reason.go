package reason

// ReasonsPage is the page generated from the catalogue; each reason is a heading of it.
const ReasonsPage = "https://github.com/natsops/nats-connections-datasource/blob/main/docs/reasons.md"

// Class tells stops that somebody meant from those nobody did.
type Class string

// The classes; unknown reasons are unexpected.
const (
	Planned    Class = "planned"
	Unexpected Class = "unexpected"
)

// Severity is how urgently a person should look; each has one colour everywhere.
type Severity string

// The severities, mildest first.
const (
	Info     Severity = "info"
	Warning  Severity = "warning"
	Error    Severity = "error"
	Critical Severity = "critical"
)

// Category groups reasons that are investigated alike.
type Category string

// The categories.
const (
	CategorySlowConsumer Category = "slow_consumer"
	CategoryAuth         Category = "auth"
	CategoryTLS          Category = "tls"
	CategoryNetwork      Category = "network"
	CategoryTimeout      Category = "timeout"
	CategoryLimits       Category = "limits"
	CategoryProtocol     Category = "protocol"
	CategoryShutdown     Category = "shutdown"
	CategoryAdmin        Category = "admin"
	CategoryConfig       Category = "config"
	CategoryCluster      Category = "cluster"
	CategoryClient       Category = "client"
	CategoryUnknown      Category = "unknown"
)

// Loss tells whether messages were lost with the connection.
type Loss string

// The kinds of loss for core NATS delivery; acknowledged JetStream redelivers.
const (
	// LossYes: the server threw away what was queued.
	LossYes Loss = "yes"
	// LossIfPending: lost if bytes were pending when it stopped.
	LossIfPending Loss = "if_pending"
	// LossMaybe: what was in flight may be lost.
	LossMaybe Loss = "maybe"
	// LossPublishes: the offending or pipelined publishes were dropped.
	LossPublishes Loss = "publishes"
	LossNo        Loss = "no"
)

// Reason is what is known about one stop reason, wherever it is shown.
type Reason struct {
	// Text is the server's exact string (nats-server.md#reasons-are-fixed-strings).
	Text     string   `json:"text"`
	Category Category `json:"category"`
	Class    Class    `json:"class"`
	Severity Severity `json:"severity"`
	Loss     Loss     `json:"loss"`
	// PendingIsLoss: pending bytes of such a stop are a lower bound of what was lost.
	PendingIsLoss bool `json:"pendingIsLoss"`
	// BeforeLogin: the server ends connections so while it does not know yet, or
	// does not believe, who they are.
	BeforeLogin bool `json:"-"`
	// Since is the first nats-server release that gives this reason.
	Since string `json:"since"`
	// Listed tells whether servers list such stops in /connz at all.
	Listed  bool   `json:"listed"`
	Meaning string `json:"meaning"`
	Remedy  string `json:"remedy"`
	// Link is the page that explains it.
	Link string `json:"link"`
}
