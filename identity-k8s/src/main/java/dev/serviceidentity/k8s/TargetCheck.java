// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s;

import dev.serviceidentity.k8s.cluster.LoadReport.Finding;
import dev.serviceidentity.k8s.cluster.LoadReport.Severity;
import dev.serviceidentity.k8s.cluster.LoadReport.Subject;
import dev.serviceidentity.k8s.cluster.ServiceFacts;
import dev.serviceidentity.k8s.cluster.SliceFacts;
import dev.serviceidentity.k8s.live.Backing;
import dev.serviceidentity.k8s.policy.IpAddress;
import dev.serviceidentity.k8s.policy.PodFacts;
import dev.serviceidentity.network.FindingListener;
import dev.serviceidentity.network.Flow;
import dev.serviceidentity.network.Flow.Protocol;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.PolicyDecision.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks one service that this one calls: each pod behind it must have an identity that can be
 * recognised, and the policies of both ends must permit the call.
 */
final class TargetCheck {
  private static final String DEFAULT_ACCOUNT = "default";

  /** A rule that is wrong is wrong for all pods alike, and a hundred such findings tell no more. */
  private static final int MOST_REPORTED = 10;

  private final FlowEnd own;
  private final ServiceTarget target;
  private final Backing backing;
  private final FindingListener heard;
  private int broken;

  TargetCheck(FlowEnd own, ServiceTarget target, Backing backing, FindingListener heard) {
    this.own = own;
    this.target = target;
    this.backing = backing;
    this.heard = heard;
  }

  /** Where calls end. */
  private record Endpoint(String pod, List<String> addresses, int port, Protocol protocol) {
    /** What it is called; it is a pod's, unless the pod is empty. */
    @Override
    public String toString() {
      return (pod.isEmpty() ? String.join(", ", addresses) : pod) + ":" + port;
    }

    /** Those that are not the pod's, whatever the slice says. */
    List<String> addressesBeside(PodFacts behind) {
      return addresses.stream().filter(each -> !isOf(each, behind)).toList();
    }

    private static boolean isOf(String address, PodFacts pod) {
      try {
        return pod.placement().addresses().contains(IpAddress.parse(address));
      } catch (IllegalArgumentException e) {
        // A name, which leads wherever whoever writes it wants.
        return false;
      }
    }
  }

  void check(BoundPrincipals principals) {
    tellFindings();
    Optional<ServiceFacts> service = backing.service();
    if (service.isEmpty()) {
      broken(
          target.toString(),
          "there is no Service " + target.service() + " in namespace " + target.namespace(),
          "Correct the target, or create the Service.");
    } else if (service.get().kind() == ServiceFacts.Kind.EXTERNAL_NAME) {
      heard.doubtful(
          target.toString(),
          "is another name of something elsewhere, of which neither identity nor policies are seen",
          "Name the Service that it stands for.");
    } else {
      service
          .get()
          .port(target.port())
          .ifPresentOrElse(
              port -> check(endpoints(service.get(), port), principals),
              () -> noPort(service.get()));
    }
  }

  /** What is only warned of, and pods that are not behind it, do not change what it reaches. */
  private void tellFindings() {
    Set<String> behind =
        backing.slices().stream()
            .flatMap(slice -> slice.endpoints().stream())
            .map(SliceFacts.Endpoint::pod)
            .collect(Collectors.toSet());
    int doubtful = 0;
    for (Finding each : backing.findings()) {
      Subject subject = each.subject();
      boolean concerns =
          !subject.kind().equals("Pod")
              || behind.contains(subject.namespace() + "/" + subject.name());
      if (each.severity() == Severity.ERROR && concerns) {
        broken(target.toString(), each.toString(), "Mend it.");
      } else if (doubtful++ < MOST_REPORTED) {
        heard.doubtful(target.toString(), each.toString(), "Mend it.");
      }
    }
  }

  private void noPort(ServiceFacts service) {
    broken(
        target.toString(),
        "the Service has no port "
            + target.port()
            + "; it has "
            + service.ports().stream()
                .map(ServiceFacts.Port::toString)
                .collect(Collectors.joining(", ")),
        "Correct the target, or add the port.");
  }

  /** Slices of each address family name the same pod. */
  private List<Endpoint> endpoints(ServiceFacts service, ServiceFacts.Port port) {
    var all = new LinkedHashMap<String, Endpoint>();
    for (SliceFacts slice : backing.slices()) {
      Integer number =
          service.kind() == ServiceFacts.Kind.HEADLESS
              ? Integer.valueOf(port.number())
              : slice.ports().get(port.name());
      if (number != null) {
        for (SliceFacts.Endpoint each : slice.endpoints()) {
          var endpoint = new Endpoint(each.pod(), each.addresses(), number, port.protocol());
          all.merge(endpoint.toString(), endpoint, TargetCheck::joined);
        }
      }
    }
    return List.copyOf(all.values());
  }

  private static Endpoint joined(Endpoint one, Endpoint other) {
    return new Endpoint(
        one.pod(),
        Stream.concat(one.addresses().stream(), other.addresses().stream()).distinct().toList(),
        one.port(),
        one.protocol());
  }

  private void check(List<Endpoint> endpoints, BoundPrincipals principals) {
    List<Endpoint> good =
        endpoints.stream().filter(endpoint -> check(endpoint, principals)).toList();
    if (endpoints.isEmpty()) {
      broken(
          target.toString(),
          "nothing stands behind it yet",
          "Start a pod that its selector finds, or wait for one.");
    } else if (!good.isEmpty()) {
      heard.fine(
          target.toString(),
          "reaches "
              + good.stream()
                  .limit(MOST_REPORTED)
                  .map(Endpoint::toString)
                  .collect(Collectors.joining(", "))
              + (good.size() > MOST_REPORTED ? ", …" : ""));
    }
    if (broken > MOST_REPORTED) {
      heard.broken(target.toString(), (broken - MOST_REPORTED) + " more findings of this kind", "");
    }
  }

  private boolean check(Endpoint endpoint, BoundPrincipals principals) {
    String subject = target + " at " + endpoint;
    Optional<PodFacts> pod =
        Optional.of(endpoint.pod())
            .filter(path -> path.startsWith(target.namespace() + "/"))
            .flatMap(path -> backing.engine().pod(target.namespace(), nameIn(path)));
    if (pod.isEmpty()) {
      broken(
          subject,
          whyNoPod(endpoint.pod()),
          "Let the Service select pods, or do not rely on the identity of who answers.");
      return false;
    }
    List<String> elsewhere = endpoint.addressesBeside(pod.get());
    if (!elsewhere.isEmpty()) {
      broken(
          subject,
          "an EndpointSlice leads to "
              + String.join(", ", elsewhere)
              + ", which is no address of that pod",
          "Find out who has written it; calls go there, and not to the pod.");
      return false;
    }
    boolean known = isKnown(subject, pod.get(), principals);
    boolean leaves = permits(subject, endpoint, pod.get(), Side.EGRESS);
    boolean enters = permits(subject, endpoint, pod.get(), Side.INGRESS);
    return known && leaves && enters;
  }

  private String whyNoPod(String path) {
    if (path.isEmpty()) {
      return "no pod is there, so that no identity is bound to who answers";
    }
    return path.startsWith(target.namespace() + "/")
        ? "the pod is not shown, so that neither its identity nor its labels are known"
        : "it is a pod of another namespace, which no Service of this one can select";
  }

  private static String nameIn(String path) {
    return path.substring(path.indexOf('/') + 1);
  }

  private boolean isKnown(String subject, PodFacts pod, BoundPrincipals principals) {
    if (!principals.canName(pod.runsAs())) {
      broken(
          subject,
          "no principal stands for its service account " + pod.runsAs(),
          "Bind it: trustDomain(...), realm(...), tokenDomain(...) or principal(...) of WorkloadBinding.");
      return false;
    }
    if (pod.runsAs().name().equals(DEFAULT_ACCOUNT)) {
      heard.doubtful(
          subject,
          "runs as the service account default, as does every pod of its namespace that names none",
          "Give its workload a service account of its own.");
    }
    return true;
  }

  private boolean permits(String subject, Endpoint endpoint, PodFacts pod, Side side) {
    var flow =
        new Flow(
            own,
            FlowEnd.pod(pod.namespace(), pod.pod().name()),
            endpoint.port(),
            endpoint.protocol(),
            side);
    Verdict verdict = backing.engine().verdict(flow);
    if (verdict != Verdict.ALLOWED) {
      broken(
          subject,
          (side == Side.EGRESS ? "own egress is " : "its ingress is ")
              + verdict
              + ": "
              + backing.engine().explain(flow).render(),
          verdict == Verdict.UNDECIDABLE
              ? "Let this service see what the explanation names, or mend it."
              : "Add a rule to the policies of "
                  + (side == Side.EGRESS ? own + " that lets it call " : "")
                  + pod.displayName()
                  + (side == Side.EGRESS ? "." : " that admits " + own + "."));
    }
    return verdict == Verdict.ALLOWED;
  }

  private void broken(String subject, String detail, String remedy) {
    broken++;
    if (broken <= MOST_REPORTED) {
      heard.broken(subject, detail, remedy);
    }
  }
}
