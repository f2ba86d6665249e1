// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.k8s.rights;

import dev.serviceidentity.caller.AllowedCallers;
import dev.serviceidentity.caller.AllowedCallers.Call;
import dev.serviceidentity.caller.Caller;
import dev.serviceidentity.identity.MechanismName;
import dev.serviceidentity.identity.ServiceAccountName;
import dev.serviceidentity.k8s.question.Party;
import dev.serviceidentity.k8s.question.PortNumber;
import dev.serviceidentity.network.Flow.Side;
import dev.serviceidentity.network.FlowEnd;
import dev.serviceidentity.network.Workload;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a service is called: its pods, a port of theirs, and the rules that guard it. Immutable and
 * thread-safe if the rules are.
 *
 * <pre>{@code
 * Door door = Door.of(self, PortNumber.parse("8443"), allowed)
 *     .provenBy(Set.of(MechanismName.MTLS))
 *     .request("GET", "/orders/7");
 * }</pre>
 */
public final class Door {
  /** What is asked for; two empty texts mean anything. */
  private record Request(String method, String path) {
    static final Request ANY = new Request("", "");
  }

  private final Party service;
  private final PortNumber port;
  private final Side side;
  private final Rules rules;
  private final Request request;

  /** By name; null stands for every mechanism. */
  private record Rules(AllowedCallers allowed, @Nullable Set<MechanismName> mechanisms) {}

  private Door(Party service, PortNumber port, Side side, Rules rules, Request request) {
    this.service = Objects.requireNonNull(service, "service");
    this.port = Objects.requireNonNull(port, "port");
    this.side = Objects.requireNonNull(side, "side");
    this.rules = rules;
    this.request = request;
  }

  /**
   * The door of one pod.
   *
   * @param self the pod, such as {@code network.self()} tells
   * @param port its port
   * @param allowed who may call by name
   * @return for any request, by any mechanism, guarded by the ingress policies
   */
  public static Door of(Workload self, PortNumber port, AllowedCallers allowed) {
    var pod = new Party.Member(List.of(FlowEnd.of(self)), Set.of());
    var one = new Party(FlowEnd.of(self).toString(), self.namespace(), List.of(pod), false);
    return of(one, port, allowed);
  }

  /**
   * The door of a service with several pods.
   *
   * @param service its pods
   * @param port their port
   * @param allowed who may call by name
   * @return for any request, by any mechanism, guarded by the ingress policies
   */
  public static Door of(Party service, PortNumber port, AllowedCallers allowed) {
    var rules = new Rules(Objects.requireNonNull(allowed, "allowed"), null);
    return new Door(service, port, Side.INGRESS, rules, Request.ANY);
  }

  /**
   * The same where only some mechanisms prove names; all that the binding knows unless said.
   *
   * @param mechanisms those that the service verifies; by none nobody has a name
   * @return a new door
   */
  public Door provenBy(Set<MechanismName> mechanisms) {
    var some = new Rules(rules.allowed(), Set.copyOf(mechanisms));
    return new Door(service, port, side, some, request);
  }

  /**
   * The same for one request only; unless said, a caller is allowed who may make any request.
   *
   * @param method the HTTP method
   * @param path the path
   * @return a new door
   */
  public Door request(String method, String path) {
    var one =
        new Request(Objects.requireNonNull(method, "method"), Objects.requireNonNull(path, "path"));
    return new Door(service, port, side, rules, one);
  }

  /**
   * The same by the policies of another side.
   *
   * @param whose ingress, as the guard asks unless {@code checkCallerEgress()} is said; both, as
   *     the network does
   * @return a new door
   */
  public Door side(Side whose) {
    return new Door(service, port, whose, rules, request);
  }

  Party service() {
    return service;
  }

  PortNumber port() {
    return port;
  }

  Side side() {
    return side;
  }

  boolean verifies(MechanismName mechanism) {
    Set<MechanismName> some = rules.mechanisms();
    return some == null || some.contains(mechanism);
  }

  boolean allows(Caller caller, ServiceAccountName account) {
    return request.equals(Request.ANY)
        ? rules.allowed().allowsSomewhere(caller, account)
        : rules.allowed().allows(new Call(caller, account, request.method(), request.path()));
  }

  /** Returns for example {@code shop/orders-0:8443/TCP}. */
  @Override
  public String toString() {
    return service.label() + ":" + port;
  }
}
