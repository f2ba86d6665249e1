// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.cluster;

import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.NamespaceFacts;
import dev.serviceidentity.k8s.policy.NodeFacts;
import dev.serviceidentity.k8s.policy.PodFacts.Placement;
import dev.serviceidentity.k8s.policy.Quote;
import dev.serviceidentity.k8s.policy.UnreadPolicy;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads each object by its kind into the draft. */
final class ObjectReader {
  private static final FieldPath METADATA = FieldPath.of("metadata");
  private static final FieldPath TEMPLATE = FieldPath.of("spec", "template");
  private static final FieldPath JOB_TEMPLATE =
      FieldPath.of("spec", "jobTemplate", "spec", "template");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?");
  private static final String NETWORK_POLICY = "networking.k8s.io/v1 NetworkPolicy";

  private final ClusterDraft draft;
  private final Findings findings;
  private final Loopback loopback;
  private final UntypedPolicies untyped;
  private final ModelReader models = new ModelReader();
  private final NamespaceCensus census = new NamespaceCensus();
  private final Set<String> otherKinds = new HashSet<>();
  private final List<ServiceFacts> services = new ArrayList<>();

  ObjectReader(ClusterDraft draft, Findings findings, Loopback loopback, UntypedPolicies untyped) {
    this.draft = draft;
    this.findings = findings;
    this.loopback = loopback;
    this.untyped = untyped;
  }

  void read(ManifestObject object) {
    var problems = new Problems();
    census.see(object);
    switch (typeOf(object, problems)) {
      case "v1 Namespace" -> readNamespace(object, problems);
      case "v1 Node" -> readNode(object, problems);
      case "v1 Pod" -> readPod(object, problems);
      case "v1 ServiceAccount" -> readAccount(object, problems);
      case NETWORK_POLICY -> readPolicy(object, problems);
      case "apps/v1 Deployment" -> readWorkload(object, Shapes.DEPLOYMENT, problems);
      case "apps/v1 StatefulSet" -> readWorkload(object, Shapes.STATEFUL_SET, problems);
      case "apps/v1 DaemonSet" -> readWorkload(object, Shapes.DAEMON_SET, problems);
      case "apps/v1 ReplicaSet" -> readWorkload(object, Shapes.REPLICA_SET, problems);
      case "v1 ReplicationController" ->
          readWorkload(object, Shapes.REPLICATION_CONTROLLER, problems);
      case "batch/v1 Job" -> readWorkload(object, Shapes.JOB, problems);
      case "batch/v1 CronJob" -> readWorkload(object, Shapes.CRON_JOB, problems);
      default ->
          ClusterPolicyDialect.of(object.apiVersion(), object.kind())
              .ifPresentOrElse(
                  dialect -> readClusterPolicy(object, dialect, problems),
                  () -> readOther(object, problems));
    }
    findings.of(object, problems);
  }

  private String typeOf(ManifestObject object, Problems problems) {
    if (untyped == UntypedPolicies.BY_SHAPE && PolicyKinds.hasShapeOfNetworkPolicy(object)) {
      problems.warning(
          FieldPath.ROOT,
          "says no apiVersion and kind; it is read as the NetworkPolicy that its fields make it,"
              + " but no cluster takes it: add "
              + NETWORK_POLICY);
      return NETWORK_POLICY;
    }
    return object.apiVersion() + " " + object.kind();
  }

  /** The Services that have been read. */
  List<ServiceFacts> services() {
    return services;
  }

  /** Reports what only all objects together show. */
  void finish() {
    census.report(findings);
  }

  private void readNamespace(ManifestObject object, Problems problems) {
    Namespace model =
        models.read(object.node(), Shapes.NAMESPACE, FieldPath.ROOT, Namespace.class, problems);
    String name = object.subject().name();
    checkName(name, problems);
    if (!problems.hasErrors()) {
      Map<String, String> written =
          model.getMetadata() == null ? null : model.getMetadata().getLabels();
      var labels = new HashMap<>(Objects.requireNonNullElse(written, Map.of()));
      // The API server sets it on every namespace, so that a file need not show it.
      labels.put(NamespaceFacts.NAME_LABEL, name);
      draft.add(object, new NamespaceFacts(name, labels));
    } else {
      draft.addUnreadNamespace(object);
    }
  }

  private void readNode(ManifestObject object, Problems problems) {
    Node model = models.read(object.node(), Shapes.NODE, FieldPath.ROOT, Node.class, problems);
    String name = object.subject().name();
    checkName(name, problems);
    List<IpAddress> addresses = new AddressMapping(problems, loopback, address -> {}).of(model);
    if (problems.hasErrors()) {
      draft.addUnreadNode(object, problems.hasErrorsOutside(METADATA) ? null : addresses);
    } else {
      draft.add(object, new NodeFacts(name, addresses));
    }
  }

  private void readPod(ManifestObject object, Problems problems) {
    Pod model = models.read(object.node(), Shapes.POD, FieldPath.ROOT, Pod.class, problems);
    checkNames(object, problems);
    PodMapping mapping = pods(object, problems);
    Placement placement = mapping.placement(model);
    mapping
        .map(object.namespace(), object.subject().name(), model, placement)
        .ifPresentOrElse(
            pod -> draft.add(object, new OwnedPod(pod, OwnedPod.ownersOf(model.getMetadata()))),
            () -> draft.addUnreadPod(object, mapping.isPlaceCertain() ? placement : null));
  }

  private void readWorkload(ManifestObject object, Shape shape, Problems problems) {
    Pod workload = models.read(object.node(), shape, FieldPath.ROOT, Pod.class, problems);
    FieldPath at = object.kind().equals("CronJob") ? JOB_TEMPLATE : TEMPLATE;
    checkNames(object, problems);
    var template = object.at(at);
    if (template == null && !problems.hasErrors()) {
      problems.error(at, "is missing; a workload without a template of its pods cannot be judged");
    }
    PodTemplateSpec model =
        models.read(template, Shapes.POD_TEMPLATE, at, PodTemplateSpec.class, problems);
    pods(object, problems)
        .map(object.namespace(), object.subject().name(), model, at)
        .ifPresentOrElse(
            pod -> draft.add(object, new OwnedPod(pod, OwnedPod.ownersOf(workload.getMetadata()))),
            () -> draft.addUnreadTemplate(object));
  }

  private PodMapping pods(ManifestObject object, Problems problems) {
    var addresses =
        new AddressMapping(problems, loopback, address -> draft.addIgnored(address, object));
    return new PodMapping(problems, addresses);
  }

  private void readPolicy(ManifestObject object, Problems problems) {
    NetworkPolicy model =
        models.read(
            object.node(), Shapes.NETWORK_POLICY, FieldPath.ROOT, NetworkPolicy.class, problems);
    checkNames(object, problems);
    if (isOfUnknownNamespace(problems)) {
      draft.addUnread(new UnreadPolicy(object.describe(), null));
      return;
    }
    // Without a proper name it is malformed, and must still be told apart from others.
    String name =
        problems.errorIn(METADATA).isEmpty() ? object.subject().name() : "at " + object.place();
    draft.add(object, new PolicyMapping(problems).map(object.namespace(), name, model));
  }

  private void readClusterPolicy(
      ManifestObject object, ClusterPolicyDialect dialect, Problems problems) {
    Map<String, Object> fields =
        models.read(object.node(), ClusterPolicyShapes.of(dialect), problems);
    checkName(object.subject().name(), problems);
    new ClusterPolicyMapping(dialect, problems, models)
        .map(object.subject().name(), fields)
        .ifPresentOrElse(
            policy -> draft.add(object, policy),
            () -> draft.addUnread(new UnreadPolicy(object.describe(), null)));
  }

  /** Only an error in a name or in the rest of a policy leaves no doubt of where it belongs. */
  private static boolean isOfUnknownNamespace(Problems problems) {
    return problems.hasErrorsOutside(METADATA.field("name"), FieldPath.of("spec"));
  }

  private void readAccount(ManifestObject object, Problems problems) {
    ServiceAccount model =
        models.read(
            object.node(), Shapes.SERVICE_ACCOUNT, FieldPath.ROOT, ServiceAccount.class, problems);
    checkNames(object, problems);
    boolean doubtful = problems.hasErrors();
    new AccountMapping(problems)
        .map(object.namespace(), object.subject().name(), model)
        .ifPresentOrElse(
            account -> draft.add(object, account, doubtful), () -> draft.addUnreadAccount(object));
  }

  private void readOther(ManifestObject object, Problems problems) {
    Optional<String> meant = KnownKinds.meantBy(object);
    if (PolicyKinds.isPolicy(object)) {
      readOtherPolicy(object, problems);
    } else if (Kustomization.isOne(object)) {
      findings.of(
          Severity.ERROR,
          object,
          Kustomization.problem() + "; flows are undecidable while it is here");
      draft.addUnread(new UnreadPolicy(object.describe() + ", which is not applied", null));
      draft.addUnreadObject(object.describe());
    } else if (meant.isPresent()) {
      findings.of(
          Severity.ERROR,
          object,
          "is not used; did you mean "
              + Quote.of(meant.get())
              + "? While it is here, any address and any claimed principal may be its");
      draft.addUnreadObject(object.describe());
    } else if (PodService.isOne(object)) {
      findings.of(Severity.NOTE, object, PodService.note(object));
      services.add(service(object));
    } else if (otherKinds.add(object.apiVersion() + " " + object.kind())) {
      findings.of(
          Severity.NOTE,
          object,
          "objects of this kind (" + Quote.plain(object.apiVersion()) + ") are not used");
    }
  }

  /** What is wrong with it changes no decision, and is not reported. */
  private ServiceFacts service(ManifestObject object) {
    var unsaid = new Problems();
    return new ServiceMapping(unsaid)
        .service(
            object.namespace(),
            object.subject().name(),
            models.read(object.node(), Shapes.SERVICE, unsaid));
  }

  private void readOtherPolicy(ManifestObject object, Problems problems) {
    findings.of(
        Severity.ERROR,
        object,
        (object.kind().isEmpty()
                ? "looks like a policy, but has no kind; add its apiVersion and kind"
                : "policies of this kind ("
                    + Quote.plain(object.apiVersion())
                    + ") are not evaluated")
            + "; flows that it could touch are undecidable while it is here");
    models.read(object.node(), Shapes.NAMED, FieldPath.ROOT, NetworkPolicy.class, problems);
    String scope = problems.hasErrors() ? null : PolicyKinds.scopeOf(object);
    draft.addUnread(new UnreadPolicy(object.describe(), scope));
  }

  private static void checkNames(ManifestObject object, Problems problems) {
    checkName(object.subject().name(), problems);
    String namespace = object.namespace();
    if (!NAMESPACE.matcher(namespace).matches()) {
      problems.error(METADATA.field("namespace"), problemOf(namespace, "a namespace"));
    }
  }

  private static void checkName(String name, Problems problems) {
    if (!NAME.matcher(name).matches() && problems.errorIn(METADATA).isEmpty()) {
      problems.error(
          METADATA.field("name"), name.isEmpty() ? "is missing" : problemOf(name, "an object"));
    }
  }

  private static String problemOf(String name, String bearer) {
    if (HelmTemplate.is(name)) {
      return HelmTemplate.PROBLEM;
    }
    String reason =
        name.equals(name.toLowerCase(Locale.ROOT)) ? "" : "; upper case is not allowed in it";
    return "is no name that " + bearer + " can have" + reason;
  }
}
