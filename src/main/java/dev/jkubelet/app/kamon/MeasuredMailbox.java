package dev.jkubelet.app.kamon;

import com.typesafe.config.Config;
import dev.jkubelet.app.actors.ActorKind;
import kamon.Kamon;
import kamon.metric.Counter;
import kamon.metric.RangeSampler;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import org.apache.pekko.dispatch.UnboundedMailbox;
import scala.Option;

/**
 * Pekko's own mailbox, with its messages counted and its depth sampled per kind of actor. Named in
 * Pekko's configuration, and only when Kamon is on: what actors cost otherwise stays as it is.
 */
public final class MeasuredMailbox
    implements MailboxType, ProducesMessageQueue<UnboundedMailbox.MessageQueue> {

  /** As Pekko makes it, by reflection. */
  public MeasuredMailbox(ActorSystem.Settings settings, Config config) {}

  @Override
  public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
    var kind = owner.isDefined() ? ActorKind.of(owner.get().path()) : "system";
    return new Measured(
        Kamon.counter("actor.messages", "Messages that actors took").withTag("actor", kind),
        Kamon.rangeSampler("actor.mailbox-size", "Messages that wait for actors")
            .withTag("actor", kind));
  }

  private static final class Measured extends UnboundedMailbox.MessageQueue {
    private static final long serialVersionUID = 1L;

    private final transient Counter messages;
    private final transient RangeSampler size;

    Measured(Counter messages, RangeSampler size) {
      this.messages = messages;
      this.size = size;
    }

    @Override
    public void enqueue(ActorRef receiver, Envelope message) {
      super.enqueue(receiver, message);
      size.increment();
    }

    @Override
    public Envelope dequeue() {
      var message = super.dequeue();
      if (message != null) {
        messages.increment();
        size.decrement();
      }
      return message;
    }
  }
}
